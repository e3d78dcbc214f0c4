"""The page in Chromium, over a camera that is really watched: from logging in to losing the camera."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.settings.load import load_settings
from tests.web.barriers import LOOKS, Look, shown_to_all
from tests.web.given import PASSWORD
from tests.web.journey import PATIENCE_MS, Yard, colours_of, watched

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.xdist_group("browser"),
]

FIRST_VIEW_BYTES = 200_000


class Visit:
    """A browser's page with what went wrong in it, the camera, and the settings file."""

    def __init__(self, page: Any, url: str, camera: Yard, config: Path, pictures: Path) -> None:
        self.page, self.url, self.camera, self.config = page, url, camera, config
        self.faults: list[str] = []
        self.asked: list[str] = []
        self._pictures = pictures
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def go(self, view: str) -> None:
        self.page.goto(f"{self.url}#/{view}")

    def until(self, script: str) -> None:
        """Wait until a script says yes; asked from here, for the page lets no script be made of text."""
        for _ in range(PATIENCE_MS // 200):
            if self.page.evaluate(script):
                return
            self.page.wait_for_timeout(200)
        raise AssertionError(f"never true: {script}")

    def keep(self, name: str) -> None:
        """Keep a picture of the page among the files of the test, to be looked at."""
        self.page.screenshot(path=self._pictures / f"{name}.png")

    @property
    def foreign(self) -> list[str]:
        """What the page asked another host for."""
        return [url for url in self.asked if not url.startswith((self.url, "blob:", "data:"))]


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Somebody who has logged in."""
    folder = tmp_path_factory.mktemp("page")
    camera = Yard()
    with watched(folder, camera) as (url, config), sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            made = Visit(browser.new_page(), url, camera, config, folder)
            made.page.goto(url)
            made.page.get_by_label("Name").fill("anna")
            made.page.get_by_label("Password").fill("wrong")
            made.page.get_by_role("button", name="Log in").click()
            made.page.get_by_text("Name or password is wrong").wait_for()
            made.page.get_by_label("Password").fill(PASSWORD)
            made.page.get_by_role("button", name="Log in").click()
            made.page.get_by_role("link", name="Timeline").wait_for()
            yield made
        finally:
            browser.close()


@pytest.fixture
def event(visit: Visit) -> str:
    """The id of an event that has ended, as soon as there is one."""
    script = """async () => {
        for (;;) {
            const { events } = await (await fetch("/api/events?kind=motion")).json();
            const ended = events.find((event) => event.end_s !== null && event.files.clip);
            if (ended) return ended.id;
            await new Promise((done) => setTimeout(done, 500));
        }
    }"""
    return str(visit.page.evaluate(script))


def test_a_camera_is_seen_live_with_what_it_sees(visit: Visit) -> None:
    visit.go("live")
    visit.page.wait_for_selector(".tile .picture p[hidden]", state="attached")
    assert colours_of(visit.page, ".tile canvas") > 50
    visit.go("camera/yard")
    visit.page.wait_for_selector(".picture p[hidden]", state="attached")
    for layer in ("flow", "mask", "σ heat"):
        visit.page.get_by_role("button", name=layer).click()
    visit.page.get_by_text("limit 4.0").wait_for()
    visit.until("/It fires|Event going on/.test(document.querySelector('.panel').textContent)")
    visit.keep("live")


def test_an_event_is_found_on_the_timeline_and_its_clip_plays(visit: Visit, event: str) -> None:
    visit.go("timeline")
    lanes = visit.page.locator("canvas.lanes")
    visit.until("/[1-9]\\d* events/.test(document.querySelector('canvas.lanes')?.ariaLabel)")
    visit.keep("timeline")
    lanes.press("Enter")
    visit.go(f"event/{event}")
    visit.until("document.querySelector('video')?.currentTime > 0.2")
    assert visit.page.evaluate("document.querySelector('video').videoWidth") == 640
    visit.page.evaluate("document.querySelector('video').currentTime = 1.5")
    visit.until("Math.abs(document.querySelector('video').currentTime - 1.5) < 3")
    visit.page.get_by_text("it counted").first.wait_for()
    visit.keep("event")


def test_an_event_is_labelled_with_one_key(visit: Visit, event: str) -> None:
    visit.go(f"event/{event}")
    button = visit.page.get_by_role("button", name="False alarm (f)")
    button.wait_for()
    visit.page.keyboard.press("f")
    visit.page.get_by_text("Labelled: false alarm.").wait_for()
    assert button.get_attribute("aria-pressed") == "true"
    visit.page.keyboard.press("t")
    visit.page.get_by_text("Labelled: true alarm.").wait_for()


def test_an_event_is_shared_with_somebody_who_has_no_account(visit: Visit, event: str) -> None:
    visit.go(f"event/{event}")
    visit.page.get_by_role("button", name="Share").click()
    visit.page.get_by_role("button", name="Make a link").click()
    link = visit.page.get_by_label("Link for anybody")
    link.wait_for()
    visit.keep("share")
    with visit.page.context.browser.new_page() as stranger:
        stranger.goto(link.input_value())
        stranger.get_by_text("the link works until").wait_for()
        stranger.wait_for_selector("video")
        assert stranger.locator("nav a, textarea").count() == 0
        stranger.goto(f"{visit.url}#/event/{event}")
        stranger.get_by_role("button", name="Log in").wait_for()
        visit.page.get_by_role("button", name="Take back").click()
        visit.page.get_by_text("That link works no more.").wait_for()
        stranger.goto(link.input_value())
        stranger.get_by_text("This link does not work").wait_for()
    visit.page.get_by_role("button", name="Close").click()


def test_somebody_is_added_changed_and_removed(visit: Visit) -> None:
    visit.go("users")
    page, dialog = visit.page, visit.page.get_by_role("dialog")
    page.get_by_role("button", name="Add somebody").click()
    dialog.get_by_label("Name").fill("victor")
    dialog.get_by_label("Password").fill("a long password")
    dialog.get_by_label("all, also").uncheck()
    dialog.get_by_label("yard").check()
    visit.keep("somebody")
    dialog.get_by_role("button", name="Add somebody").click()
    page.get_by_role("row", name="victor viewer yard").wait_for()
    page.get_by_label("Change victor").click()
    dialog.get_by_label("Role").select_option("admin")
    dialog.get_by_role("button", name="Change victor").click()
    page.get_by_role("row", name="victor admin all").wait_for()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_label("Remove victor").click()
    page.get_by_role("row", name="anna removed victor").wait_for()


def test_a_zone_is_drawn_and_taken_up_without_a_restart(visit: Visit) -> None:
    visit.go("zones/yard")
    visit.until("document.querySelector('.picture img')?.naturalWidth > 0")
    visit.page.get_by_role("button", name="New zone").click()
    box = visit.page.locator("svg.zones").bounding_box()
    for x, y in ((0.1, 0.1), (0.4, 0.1), (0.4, 0.4), (0.1, 0.4), (0.1, 0.1)):
        visit.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    visit.page.get_by_label("Role").select_option("privacy")
    visit.page.get_by_role("button", name="Save").click()
    visit.page.get_by_text("Saved, and taken up by the camera.").wait_for()
    visit.keep("zones")
    zone = load_settings(visit.config).cameras["yard"].zones["zone1"]
    assert zone.role == "privacy"
    assert zone.points[0] == pytest.approx((0.1, 0.1), abs=0.01)
    assert "# plays in a browser" in visit.config.read_text()
    visit.go("camera/yard")
    dark = """(() => {
        const canvas = document.querySelector(".picture canvas");
        if (!canvas?.width) return false;
        const pen = canvas.getContext("2d");
        const pixel = pen.getImageData(canvas.width * 0.25, canvas.height * 0.25, 1, 1).data;
        return Math.max(...pixel.slice(0, 3)) < 30;
    })()"""
    visit.until(dark)


def test_a_channel_is_added_with_forms_and_a_mistake_is_shown_at_its_field(visit: Visit) -> None:
    visit.go("settings")
    page = visit.page
    page.locator("#part-alerts > summary").click()
    page.get_by_label("Name of a new command").fill("script")
    page.get_by_role("button", name="Add a command").click()
    page.locator("[id='set-alerts.command.script.command']").fill("/bin/true\n--loud")
    cooldown = page.locator("[id='set-alerts.command.script.cooldown_s']")
    cooldown.fill("-1")
    page.get_by_role("button", name="Save 3 changes").click()
    page.locator(".field.wrong", has=cooldown).get_by_text("0 to 86400").last.wait_for()
    visit.keep("mistake")
    cooldown.fill("5")
    page.get_by_role("button", name="Save 3 changes").click()
    page.get_by_text("Saved, and taken up by what is being watched.").wait_for()
    channel = load_settings(visit.config).alerts.command["script"]
    assert (channel.command, channel.cooldown_s) == (("/bin/true", "--loud"), 5.0)


def test_other_settings_are_tried_before_they_are_saved(visit: Visit, event: str) -> None:
    before = load_settings(visit.config)
    visit.go("tuning")
    visit.page.get_by_text("looks judged").wait_for()
    visit.page.get_by_text("Stay (").wait_for()
    visit.page.get_by_label("Smallest size, share of the frame").fill("0.99")
    visit.page.get_by_text("Would go (").wait_for()
    visit.keep("tuning")
    assert load_settings(visit.config) == before


@pytest.mark.parametrize(
    "view",
    ["live", "camera/yard", "timeline", "events", "event", "coverage", "health", "alerts", "zones/yard",
     "tuning", "settings", "users"],
)  # fmt: skip
def test_everybody_can_read_and_reach_every_view(visit: Visit, event: str, view: str) -> None:
    visit.go(f"event/{event}" if view == "event" else view)
    visit.page.wait_for_selector("main h1")
    for look in LOOKS:
        assert shown_to_all(visit.page, look) == []
        visit.keep(f"{view.partition('/')[0]}-{look.colours}-{look.width_px}")


# The description of the API is so long that all rules take seconds.
@pytest.mark.parametrize(("path", "looks"), [("", LOOKS), ("docs", LOOKS[1:])])
def test_everybody_can_read_what_is_shown_before_a_log_in(
    visit: Visit, path: str, looks: tuple[Look, ...]
) -> None:
    with visit.page.context.browser.new_page() as page:
        page.goto(visit.url + path)
        page.wait_for_selector("main h1")
        for look in looks:
            assert shown_to_all(page, look) == []


def test_the_first_view_is_light_and_nothing_comes_from_elsewhere(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1280, "height": 740})
    visit.page.goto("about:blank")
    visit.page.goto(visit.url)
    visit.page.wait_for_selector("main h1")
    script = "performance.getEntriesByType('resource').filter((each) => !each.name.includes('/api/'))"
    sizes = visit.page.evaluate(f"{script}.map((each) => each.encodedBodySize)")
    assert 0 < sum(sizes) < FIRST_VIEW_BYTES
    assert visit.foreign == []


def test_a_camera_that_is_lost_is_seen_to_be_without_asking(visit: Visit) -> None:
    visit.go("live")
    visit.page.locator(".dot.watching").wait_for()
    visit.asked.clear()
    visit.camera.is_on.clear()
    visit.page.locator(".dot.blind").wait_for()
    visit.page.get_by_text("blind since").wait_for()
    assert not [url for url in visit.asked if "/api/" in url and "/picture" not in url]  # it was told
    visit.keep("lost")
    assert visit.faults == []
