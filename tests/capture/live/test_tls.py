"""Cameras whose stream is encrypted: a certificate that nobody vouches for is refused, in words."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice, repeat
from pathlib import Path

import pytest

from monitor.capture.live.opened import Connection
from monitor.capture.live.stream import StreamSource
from monitor.capture.live.trust import Trust
from monitor.clock import SystemClock
from monitor.errors import SourceError
from tests.capture.live.conftest import RtspServer
from tests.capture.live.servers import PART, HttpServer, jpeg


@dataclass(frozen=True)
class Signed:
    """A certificate that signed itself, with its key."""

    certificate: Path
    key: Path


@pytest.fixture(scope="module")
def sign(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Signed]:
    """Make certificates, for `DNS:…` or `IP:…`."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")

    def make(name: str) -> Signed:
        folder = tmp_path_factory.mktemp("certificate")
        made = Signed(folder / "certificate.pem", folder / "key.pem")
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=camera"]
        files = ["-keyout", str(made.key), "-out", str(made.certificate)]
        names = ["-days", "2", "-addext", f"subjectAltName={name}"]
        subprocess.run(["openssl", "req", "-x509", *curve, *files, *names], check=True, capture_output=True)
        return made

    return make


@pytest.fixture(scope="module")
def own(sign: Callable[[str], Signed]) -> Signed:
    """The certificate of a camera at 127.0.0.1."""
    return sign("IP:127.0.0.1")


Fronts = Callable[[int, Signed], int]


@pytest.fixture
def encrypt() -> Iterator[Fronts]:
    """Put a server that speaks TLS in front of a port; return its own."""
    kept: list[socket.socket] = []

    def start(port: int, signed: Signed) -> int:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(signed.certificate, signed.key)
        listener = socket.create_server(("127.0.0.1", 0))
        kept.append(listener)
        threading.Thread(target=_serve, args=(kept, context, port), daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for each in kept:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


def _serve(kept: list[socket.socket], context: ssl.SSLContext, port: int) -> None:
    with suppress(OSError):
        while True:
            client, _ = kept[0].accept()
            encrypted = context.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
            kept.append(encrypted)
            with suppress(OSError):  # who refuses the certificate ends it here
                encrypted.do_handshake()
            server = socket.create_connection(("127.0.0.1", port))
            kept.append(server)
            for ends in ((encrypted, server), (server, encrypted)):
                threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def sees(connection: Connection, trust: Trust) -> bool:
    with StreamSource(replace(connection, trust=trust), SystemClock()) as source:
        return len(list(islice(source, 2))) == 2


def refusal(connection: Connection, trust: Trust) -> str:
    with pytest.raises(SourceError) as caught:
        sees(connection, trust)
    return str(caught.value)


@pytest.fixture(params=["rtsps", "https"])
def camera(
    request: pytest.FixtureRequest, encrypt: Fronts, own: Signed, shared_rtsp: RtspServer, http: HttpServer
) -> Connection:
    """A camera at 127.0.0.1 that signed its own certificate."""
    if request.param == "rtsps":
        return Connection(f"rtsps://127.0.0.1:{encrypt(shared_rtsp.port, own)}/cam")
    picture = jpeg(90)
    address = http.serve("/cam", lambda: repeat(PART % (len(picture), picture), 100))
    return Connection(f"https://127.0.0.1:{encrypt(int(address.split(':')[2].split('/')[0]), own)}/cam")


def test_a_certificate_that_nobody_vouches_for_is_refused_in_words(camera: Connection) -> None:
    told = refusal(camera, Trust())
    assert "its certificate is refused: self-signed certificate" in told
    assert "tls_verify: false" in told


def test_a_camera_is_known_by_its_own_certificate(camera: Connection, own: Signed) -> None:
    assert sees(camera, Trust(ca_file=own.certificate))


def test_where_checking_is_off_any_certificate_will_do(camera: Connection) -> None:
    assert sees(camera, Trust(verify=False))


def test_the_certificate_of_another_is_refused(
    camera: Connection, own: Signed, sign: Callable[[str], Signed]
) -> None:
    assert "certificate" in refusal(camera, Trust(ca_file=sign("IP:127.0.0.1").certificate))


def test_a_certificate_in_another_name_needs_that_name(
    shared_rtsp: RtspServer, encrypt: Fronts, sign: Callable[[str], Signed]
) -> None:
    signed = sign("DNS:camera.local")
    connection = Connection(f"rtsps://127.0.0.1:{encrypt(shared_rtsp.port, signed)}/cam")
    assert "not valid for '127.0.0.1'" in refusal(connection, Trust(ca_file=signed.certificate))
    assert sees(connection, Trust(ca_file=signed.certificate, name="camera.local"))


def test_a_file_without_a_certificate_is_told(camera: Connection, tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    assert f"{empty} holds no certificate" in refusal(camera, Trust(ca_file=empty))
    empty.write_text("nothing")
    assert f"{empty} holds no certificate" in refusal(camera, Trust(ca_file=empty))


def test_an_address_without_encryption_needs_no_certificate() -> None:
    assert Trust().options("rtsp://camera/") == {}
    assert Trust().fault_of("http://127.0.0.1:9/", 1.0) is None
