"""HTTP and TCP servers in threads of the test."""

import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

import cv2
import numpy as np

PART = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n"


def jpeg(grey: int, width: int = 96, height: int = 64) -> bytes:
    """Return a plain grey JPEG."""
    coded, data = cv2.imencode(".jpg", np.full((height, width, 3), grey, np.uint8))
    assert coded
    return data.tobytes()


class _Handler(BaseHTTPRequestHandler):
    streams: ClassVar[dict[str, Callable[[], Iterator[bytes]]]]
    folder: ClassVar[Path | None]
    userinfo: ClassVar[str | None]

    def do_GET(self) -> None:
        wanted = self.userinfo and "Basic " + b64encode(self.userinfo.encode()).decode()
        if wanted and self.headers["Authorization"] != wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.end_headers()
            return
        path = self.path.partition("?")[0]
        file = self.folder / path.strip("/") if self.folder is not None else None
        if path in self.streams:
            self._answer("multipart/x-mixed-replace; boundary=frame")
            try:
                for part in self.streams[path]():
                    self.wfile.write(part)
                    self.wfile.flush()
            except OSError:
                return  # the reader is gone
        elif file is not None and file.is_file():
            self._answer("application/octet-stream")
            self.wfile.write(file.read_bytes())
        else:
            self.send_error(404)

    def _answer(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


class HttpServer:
    """Serves streams of parts by path, and the files of a folder."""

    def __init__(self) -> None:
        handler = type("Handler", (_Handler,), {"streams": {}, "folder": None, "userinfo": None})
        self._handler: type[_Handler] = handler
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def serve(self, path: str, parts: Callable[[], Iterator[bytes]]) -> str:
        """Answer at `path` with the parts, made anew for each request; return the address."""
        self._handler.streams[path] = parts
        return self.address + path

    def protect(self, userinfo: str) -> None:
        """Answer only to this name and password, written as name:password."""
        self._handler.userinfo = userinfo

    def serve_folder(self, folder: Path) -> None:
        """Answer with the files of the folder."""
        self._handler.folder = folder

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class TcpServer:
    """Accepts everybody, sends some bytes, and says nothing more."""

    def __init__(self, sent: bytes = b"") -> None:
        self._sent = sent
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._kept: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Let go of everybody."""
        self._socket.close()
        for connection in self._kept:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
                self._kept.append(connection)
                connection.sendall(self._sent)
            except OSError:
                return
