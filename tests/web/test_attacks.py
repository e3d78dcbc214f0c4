"""What somebody may try who means no good, over real sockets."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monitor.web.security import limits, patience
from monitor.web.security.limits import LARGEST_BODY_BYTES
from monitor.web.security.patience import ImpatientProtocol
from tests.outputs.journal.given import closed_entry
from tests.web.given import site
from tests.web.serving import PATIENCE_S, all_of, answer, connected, request, served, status

CLOSE = "Connection: close"
JSON = "Content-Type: application/json"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The port of a page that is open to this machine, with one event."""
    (tmp_path / "secret.txt").write_text("top secret")
    with served(site(tmp_path / "recordings", closed_entry(1, clip="../secret.txt"))) as port:
        yield port


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../secret.txt",
        "/static/..%2f..%2f..%2fsecret.txt",
        "/static/%2e%2e/%2e%2e/secret.txt",
        "/static/....//secret.txt",
        "/static//etc/passwd",
        "/../recordings/users.sqlite",
        "/static/..\\..\\secret.txt",
        "/static/%00",
        "/api/events/..%2f..%2fsecret.txt/files/clip",
        "/api/events/00000001-0000-4000-8000-000000000000/files/clip",
        "/api/events/00000001-0000-4000-8000-000000000000/files/..%2fsecret.txt",
    ],
)
def test_no_path_leads_out_of_what_the_page_serves(port: int, path: str) -> None:
    got = answer(port, request("GET", path, port, CLOSE))
    assert status(got) in (400, 404, 422)
    assert b"top secret" not in got
    assert b"SQLite" not in got


@pytest.mark.parametrize(
    "host",
    [
        "Host: evil.example",
        "Host: evil.example:80",
        "Host: 127.0.0.1.evil.example",
        "Host: localhost@evil.example",
        "Host: ",
        "Host: a/../localhost",
    ],
)
def test_a_forged_host_is_refused(port: int, host: str) -> None:
    assert status(answer(port, request("GET", "/api/events", port, host, CLOSE))) in (400, 421)


def test_two_hosts_at_once_are_refused(port: int) -> None:
    got = answer(port, request("GET", "/api/me", port, "Host: localhost", "Host: evil.example", CLOSE))
    assert status(got) in (400, 421)


@pytest.mark.parametrize(
    "foreign",
    [
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://127.0.0.1:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_change_from_another_page_is_refused(port: int, method: str, foreign: str) -> None:
    path = "/api/events/00000001-0000-4000-8000-000000000000/keep"
    body = '{"keep": true}'
    headers = (foreign, JSON, f"Content-Length: {len(body)}", CLOSE)
    assert status(answer(port, request(method, path, port, *headers, body=body))) == 403


def test_a_change_from_the_page_itself_is_made(port: int) -> None:
    path = "/api/events/00000001-0000-4000-8000-000000000000/keep"
    body = '{"keep": true}'
    headers = (f"Origin: http://127.0.0.1:{port}", "Sec-Fetch-Site: same-origin", JSON)
    sent = request("PUT", path, port, *headers, f"Content-Length: {len(body)}", CLOSE, body=body)
    assert status(answer(port, sent)) == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_form_can_send_is_no_change(port: int, kind: str) -> None:
    path = "/api/events/00000001-0000-4000-8000-000000000000/keep"
    headers = (f"Content-Type: {kind}", "Content-Length: 14", CLOSE)
    assert status(answer(port, request("PUT", path, port, *headers, body='{"keep": true}'))) == 422


def test_other_pages_may_neither_read_nor_embed_anything(port: int) -> None:
    got = answer(port, request("GET", "/api/events", port, "Sec-Fetch-Site: cross-site", CLOSE))
    assert status(got) == 403
    assert b"cross-origin-resource-policy: same-origin" in got.lower()
    assert b"frame-ancestors 'none'" in got


def test_through_a_proxy_nobody_gets_in_without_a_password(port: int) -> None:
    got = answer(port, request("GET", "/api/me", port, "X-Forwarded-For: 203.0.113.9", CLOSE))
    assert status(got) == 403
    assert b"monitor user add" in got


def test_a_body_that_says_it_is_too_large_is_refused_unread(port: int) -> None:
    headers = (JSON, f"Content-Length: {LARGEST_BODY_BYTES + 1}")
    assert status(answer(port, request("POST", "/api/login", port, *headers))) == 413


def test_a_body_that_turns_out_too_large_is_refused(port: int) -> None:
    head = request("POST", "/api/login", port, JSON, "Transfer-Encoding: chunked")
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with connected(port) as connection:
        try:
            connection.sendall(head)
            for _ in range(LARGEST_BODY_BYTES // 65536 + 2):
                connection.sendall(chunk)
        except ConnectionError:
            pass  # it has had enough
        got = all_of(connection)
    assert not got or status(got) == 413


def test_a_head_without_end_is_refused(port: int) -> None:
    got = answer(port, request("GET", "/", port, "X-Long: " + "x" * 200_000, CLOSE))
    assert not got or status(got) in (400, 431)


def test_a_client_that_never_asks_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "REQUEST_S", 0.05)
    with connected(port) as silent, connected(port) as dripping:
        dripping.sendall(b"GET / HTTP/1.1\r\nHost: lo")
        assert all_of(silent) == all_of(dripping) == b""


def test_a_body_that_never_comes_is_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_S", 0.05)
    assert status(answer(port, request("POST", "/api/login", port, JSON, "Content-Length: 10"))) == 408


def test_a_client_that_takes_nothing_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_cut = threading.Event()
    cut = ImpatientProtocol._cut

    def cut_and_tell(protocol: ImpatientProtocol) -> None:
        cut(protocol)
        is_cut.set()

    monkeypatch.setattr(patience, "TAKE_S", 0.05)
    monkeypatch.setattr(ImpatientProtocol, "_cut", cut_and_tell)
    (tmp_path / "large.mp4").write_bytes(b"x" * 30_000_000)
    with served(site(tmp_path, closed_entry(1, clip="large.mp4"))) as port, connected(port) as connection:
        path = "/api/events/00000001-0000-4000-8000-000000000000/files/clip"
        connection.sendall(request("GET", path, port))
        assert is_cut.wait(PATIENCE_S)
        assert len(all_of(connection)) < 30_000_000


def test_two_hundred_viewers_listen_at_once_and_hear_of_a_change(tmp_path: Path) -> None:
    made = site(tmp_path, closed_entry(1))
    with served(made) as port:
        viewers = [connected(port) for _ in range(200)]
        for viewer in viewers:
            viewer.sendall(request("GET", "/api/stream", port))
        heads = [viewer.recv(65536) for viewer in viewers]
        assert {status(head) for head in heads} == {200}
        body = '{"keep": true}'
        path = "/api/events/00000001-0000-4000-8000-000000000000/keep"
        headers = (JSON, f"Content-Length: {len(body)}", CLOSE)
        assert status(answer(port, request("PUT", path, port, *headers, body=body))) == 200
        assert all(b'"kept": true' in _until(viewer, b'"kept": true') for viewer in viewers)
        for viewer in viewers:
            viewer.close()


def test_two_hundred_at_once_are_all_answered(port: int) -> None:
    def ask(number: int) -> int:
        return status(answer(port, request("GET", "/api/events", port, CLOSE)))

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(ask, range(200))) == {200}


def _until(viewer: socket.socket, wanted: bytes) -> bytes:
    found = b""
    while wanted not in found and (chunk := viewer.recv(65536)):
        found += chunk
    return found
