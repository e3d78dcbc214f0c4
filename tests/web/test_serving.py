"""Where the page may listen and over what, and what stands before it."""

import ssl
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from monitor.clock import SimulatedClock
from monitor.errors import UsageError
from monitor.settings import Settings
from monitor.web.app import create_app
from monitor.web.security.identity import SECURE_COOKIE
from monitor.web.serving import accounts_of, listening, require_tls_files, site_of, url_of
from tests.outputs.journal.given import NOON
from tests.web.given import PASSWORD, site, with_users
from tests.web.serving import all_of, connected, request, served, status


def settings(folder: Path, **web: object) -> Settings:
    return Settings.model_validate({"outputs": {"folder": folder}, "web": web})


@pytest.mark.parametrize(
    "web",
    [
        {"address": "0.0.0.0"},
        {"address": "::"},
        {"address": "192.0.2.1"},
        {"trusted_proxies": ("127.0.0.1",)},
    ],
)
def test_without_a_password_the_page_is_for_this_machine_alone(
    tmp_path: Path, web: dict[str, object]
) -> None:
    given, clock = settings(tmp_path, **web), SimulatedClock(NOON)
    with pytest.raises(UsageError, match="monitor user add NAME"):
        site_of(given, lambda: given, clock)
    with_users(accounts_of(given, clock))
    assert not site_of(given, lambda: given, clock).is_private


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_alone_needs_no_password(tmp_path: Path, address: str) -> None:
    given = settings(tmp_path, address=address)
    assert site_of(given, lambda: given, SimulatedClock(NOON)).is_private


def test_a_port_that_is_taken_is_told_with_what_to_change() -> None:
    web = Settings().web.model_copy(update={"port": 0})
    with listening(web) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=r"web\.port"):
            listening(web.model_copy(update={"port": port}))


def test_the_address_for_a_browser_is_one_that_it_can_reach() -> None:
    web = Settings().web
    assert url_of(web.model_copy(update={"address": "0.0.0.0"}), 8420) == "http://127.0.0.1:8420/"
    assert url_of(web.model_copy(update={"address": "::1"}), 8420) == "http://[::1]:8420/"


def proxied(tmp_path: Path, *trusted: str) -> TestClient:
    """A client that stands where a proxy would, before a page that trusts these."""
    made = site(tmp_path, web={"trusted_proxies": trusted, "hosts": ("cameras.example",)})
    made.is_private = False
    with_users(made.accounts)
    client = TestClient(create_app(made), base_url="http://cameras.example", client=("127.0.0.1", 1))
    client.headers.update({"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
    return client


def logged_in(client: TestClient, origin: str) -> tuple[int, str]:
    """Return status and cookie of a log-in from a page of this origin."""
    given = {"name": "anna", "password": PASSWORD}
    answer = client.post("/api/login", json=given, headers={"Origin": origin})
    return answer.status_code, answer.headers.get("Set-Cookie", "")


def test_what_a_trusted_proxy_says_is_believed(tmp_path: Path) -> None:
    code, cookie = logged_in(proxied(tmp_path, "127.0.0.1"), "https://cameras.example")
    assert code == 200
    assert cookie.startswith(SECURE_COOKIE)
    assert "Secure" in cookie


def test_what_others_say_in_its_place_is_not(tmp_path: Path) -> None:
    client = proxied(tmp_path, "192.0.2.1")
    assert logged_in(client, "https://cameras.example")[0] == 403
    code, cookie = logged_in(client, "http://cameras.example")
    assert (code, "Secure" in cookie) == (200, False)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for this machine with its key."""
    files = tmp_path / "page.pem", tmp_path / "page.key"
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost"
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(files[1]), "-out", str(files[0])]
    command = [*made.split(), *named]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    files[1].chmod(0o600)
    return files


def test_two_settings_suffice_for_tls(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    made = site(tmp_path, web={"certificate": certificate[0], "certificate_key": certificate[1]})
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with (
        served(made) as port,
        connected(port) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(request("GET", "/", port, "Connection: close"))
        got = all_of(connection)
    assert status(got) == 200
    assert b"strict-transport-security" in got.lower()


def test_a_key_that_others_may_read_is_refused(certificate: tuple[Path, Path]) -> None:
    certificate[1].chmod(0o644)
    web = settings(Path(), certificate=certificate[0], certificate_key=certificate[1]).web
    with pytest.raises(UsageError, match="chmod 600"):
        require_tls_files(web)


def test_a_certificate_that_is_none_is_told(certificate: tuple[Path, Path]) -> None:
    certificate[0].write_text("nothing")
    web = settings(Path(), certificate=certificate[0], certificate_key=certificate[1]).web
    with pytest.raises(UsageError, match=r"correct web\.certificate"):
        require_tls_files(web)


def test_a_certificate_goes_with_its_key() -> None:
    with pytest.raises(ValueError, match="go together"):
        settings(Path(), certificate=Path("page.pem"))
