"""Real servers on the loopback interface."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.capture.live.servers import HttpServer, TcpServer

SYSTEM_PYTHON = Path("/usr/bin/python3")
SERVER = Path(__file__).with_name("rtsp_server.py")
_BINDINGS = (
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer, Gst; "
)
_ENCODER = "Gst.init(None); assert Gst.ElementFactory.find('x264enc')"


class RtspServer:
    """A real RTSP server in a process of its own, which can be killed."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [SYSTEM_PYTHON, SERVER, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.port = int(_pipe(self.process.stdout).readline())
        self.address = f"rtsp://127.0.0.1:{self.port}/cam"

    def change_size(self, width: int, height: int) -> None:
        """Let the pictures be of another size from the next on."""
        commands = _pipe(self.process.stdin)
        commands.write(f"size {width} {height}\n")
        commands.flush()

    def freeze(self) -> None:
        """Let it say nothing more while its connections stay open, as a camera that hangs does."""
        self.process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End it without a word to anybody, as a power cut does."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            _pipe(pipe).close()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@pytest.fixture(scope="session")
def _gstreamer() -> None:
    if (
        not SYSTEM_PYTHON.exists()
        or subprocess.run(
            [SYSTEM_PYTHON, "-c", _BINDINGS + _ENCODER], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("GStreamer's RTSP server is not installed (gir1.2-gst-rtsp-server-1.0, plugins-ugly)")


RtspStarter = Callable[..., RtspServer]


@pytest.fixture
def start_rtsp(_gstreamer: None) -> Iterator[RtspStarter]:
    """Start RTSP servers that end with the test."""
    servers: list[RtspServer] = []

    def start(*arguments: str) -> RtspServer:
        servers.append(RtspServer(*arguments))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="module")
def shared_rtsp(_gstreamer: None) -> Iterator[RtspServer]:
    """A server with default settings, the same for all tests of a file."""
    server = RtspServer()
    yield server
    server.kill()


@pytest.fixture
def http() -> Iterator[HttpServer]:
    with HttpServer() as server:
        yield server


@pytest.fixture
def start_tcp() -> Iterator[Callable[[bytes], TcpServer]]:
    """Start servers that accept, send the given bytes and then say nothing."""
    servers: list[TcpServer] = []

    def start(sent: bytes = b"") -> TcpServer:
        servers.append(TcpServer(sent))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
