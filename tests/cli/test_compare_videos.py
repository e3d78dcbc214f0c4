"""`monitor compare` with videos, and with a reference against a recording or a live source."""

import json
import re
import signal
from pathlib import Path
from typing import Any

import av
import pytest

from tests.cli.process import run, start
from tests.comparing.files import save, save_animation
from tests.comparing.given import place
from tests.comparing.scenes import SHAPE, without, write, yard

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def videos(here: Path) -> None:
    """A yard; the same with somebody for a second; a reference of it."""
    write(Path("a.mp4"), yard())
    write(Path("b.mp4"), without(yard(somebody=range(25, 50), seed=500), (60,)))
    save(Path("empty.png"), place(*SHAPE))


def told(*args: object) -> tuple[int, dict[str, Any]]:
    result = run("compare", *args, "--json")
    return result.code, json.loads(result.out)


@pytest.mark.usefixtures("videos")
def test_spans_faults_and_every_pair_of_pictures_are_in_one_object() -> None:
    code, record = told("a.mp4", "b.mp4")
    assert (code, record["different"], record["compared"]) == (1, True, 74)
    assert [(span["start_s"], span["end_s"]) for span in record["spans"]] == [(1.0, 1.96)]
    assert record["dropped"] == [{"in": "B", "frame": 60, "time_s": 2.4}]
    assert (record["repeated"], record["corrupted"]) == ([], [])
    assert len(record["frames"]) == 74
    assert record["frames"][0]["measures"]["ssim"] > 0.9


@pytest.mark.usefixtures("videos")
def test_a_video_is_the_same_as_itself() -> None:
    code, record = told("a.mp4", "a.mp4")
    assert (code, record["spans"], record["measures"]["ssim"]) == (0, [], 1.0)


@pytest.mark.usefixtures("videos")
def test_people_are_told_when_and_what() -> None:
    said = run("compare", "a.mp4", "b.mp4").said
    assert "different: 1 span, 1 dropped; 74 pairs of pictures compared" in said
    assert "dropped in B: picture 60 at 2.40 s" in said


@pytest.mark.usefixtures("videos")
def test_a_video_of_both_a_table_and_a_report_are_written() -> None:
    _, record = told("a.mp4", "b.mp4", "--out", "out", "--figure", "worst.png")
    assert set(record["files"]) == {"frames", "report", "side_by_side", "spans", "figure"}
    assert len(Path("out/frames.csv").read_text().splitlines()) == 75
    page = Path("out/report.html").read_text(encoding="utf-8")
    assert "<polyline" in page
    assert page.count('class="pair"') == 1
    with av.open("out/side_by_side.mp4") as video:
        assert video.streams.video[0].width > 2 * SHAPE[1]
        assert sum(1 for _ in video.decode(video=0)) == 74


@pytest.mark.usefixtures("videos")
@pytest.mark.parametrize(("limit", "code"), [("ssim<0.2", 0), ("boxes>0", 1)])
def test_limits_hold_for_every_pair_of_pictures(limit: str, code: int) -> None:
    assert told("a.mp4", "b.mp4", "--fail-over", limit)[0] == code


def test_animations_are_compared_as_videos() -> None:
    for name, second in (("a.gif", 6), ("b.gif", 6), ("c.gif", 7)):
        save_animation(Path(name), place(90, 120), place(90, 120, seed=second))
    assert told("a.gif", "b.gif")[0] == 0
    assert told("a.gif", "c.gif")[0] == 1


@pytest.mark.usefixtures("videos")
def test_a_reference_says_when_a_recording_differs_from_it() -> None:
    region = ("--roi", "0.5,0.4 1,0.4 1,0.9 0.5,0.9")
    code, record = told("b.mp4", "--against", "empty.png", *region)
    assert code == 1
    (span,) = record["spans"]
    assert (span["start_s"], span["end_s"]) == pytest.approx((1.0, 1.96), abs=0.05)
    assert told("a.mp4", "--against", "empty.png", *region)[0] == 0


@pytest.mark.usefixtures("videos")
def test_fewer_looks_and_an_early_end_are_kept_to() -> None:
    _, record = told("a.mp4", "--against", "empty.png", "--every", "0.5", "--duration", "1.6")
    assert [frame["time_s"] for frame in record["frames"]] == pytest.approx([0, 0.48, 0.96, 1.44], abs=0.05)


def test_a_live_source_is_compared_until_ctrl_c() -> None:
    write(Path("long.mp4"), yard(500, somebody=range(500)))
    save(Path("empty.png"), place(*SHAPE))
    Path("m.yaml").write_text("cameras: {yard: {address: long.mp4, kind: file}}\n", encoding="utf-8")
    with start(
        "compare", "yard", "--against", "empty.png", "--config", "m.yaml", "--every", "0.1"
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert "different: 2 places" in first  # the walker, too
    found = re.search(r"different: 1 span; (\d+) pictures? compared", out)
    assert found is not None
    assert int(found[1]) < 500  # not to the end
    assert "Traceback" not in err
    assert process.returncode == 1


@pytest.mark.usefixtures("videos")
@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("a.mp4", "empty.png"), "monitor compare a.mp4 --against empty.png"),
        (("a.mp4", "broken.mp4"), "broken.mp4"),
        (("a.mp4", "small.mp4"), "A is 160x120 and B 80x60 pixels; give --resize"),
        (("a.mp4", "b.mp4", "--every", "1"), "--every, --duration and --config are for --against REF"),
        (("a.mp4", "b.mp4", "--against", "empty.png"), "give B or a reference; not both"),
        (("a.mp4", "--against", "missing.png"), "missing.png does not exist"),
        (("nowhere", "--against", "empty.png"), "nowhere is no camera"),
        (("empty.png", "empty.png", "--sync"), "--sync is for two videos; empty.png is none."),
    ],
)
def test_wrong_use_is_a_sentence_and_exits_with_2(args: tuple[str, ...], sentence: str) -> None:
    Path("broken.mp4").write_bytes(b"\0" * 5000)
    write(Path("small.mp4"), [(time_s, picture[::2, ::2]) for time_s, picture in yard(5)])
    result = run("compare", *args)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.said
    assert "Traceback" not in result.err
