"""The files of the page itself: read once, sent packed, and kept by browsers until they change."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

PREFIX = "/static/"

_PACKED = (".css", ".html", ".js", ".json", ".svg", ".webmanifest")

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"

_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}
"""What a browser insists on, whatever the system's own table says."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file with its content, plain and packed (None where that gains nothing)."""

    content: bytes
    packed: bytes | None
    media_type: str
    etag: str

    def answer(self, request: Request, *, for_ever: bool) -> Response:
        """Return the file, or 304 where the browser has it."""
        headers = {
            "ETag": self.etag,
            "Cache-Control": _FOR_EVER if for_ever else _ASK_AGAIN,
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("If-None-Match") == self.etag:
            return Response(status_code=304, headers=headers)
        if self.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self.packed, headers=headers, media_type=self.media_type)
        return Response(self.content, headers=headers, media_type=self.media_type)


class Statics:
    """All files of the page, by the path below its folder; no other file can ever be reached by a path.

    `version` is a hash of all of them. Pages name what they need below `/static/`, and are sent with
    `/static/VERSION/` in its place, so that a browser keeps all until any of it changes.
    """

    def __init__(self, folder: Traversable | None = None) -> None:
        found = dict(_below(folder or files("monitor.web") / "static", ""))
        whole = hashlib.sha256()
        for path in sorted(found):
            whole.update(path.encode() + b"\0" + found[path])
        self.version = whole.hexdigest()[:16]
        self._files = {path: self._made(path, content) for path, content in found.items()}

    def answer(self, request: Request, path: str) -> Response | None:
        """Return the answer for a path below `/static/`, with or without the version; None for no file."""
        version, _, rest = path.partition("/")
        for_ever = version == self.version
        file = self._files.get(rest if for_ever else path)
        return None if file is None else file.answer(request, for_ever=for_ever)

    @property
    def by_path(self) -> Mapping[str, StaticFile]:
        """All files."""
        return self._files

    def _made(self, path: str, content: bytes) -> StaticFile:
        suffix = "." + path.rpartition(".")[2]
        if suffix == ".html":
            content = content.replace(PREFIX.encode(), f"{PREFIX}{self.version}/".encode())
        packed = gzip.compress(content, 9, mtime=0) if suffix in _PACKED else None
        media_type = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        return StaticFile(content, packed, media_type, etag)


def _below(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _below(entry, f"{prefix}{entry.name}/")
        elif not entry.name.startswith("."):
            found.append((f"{prefix}{entry.name}", entry.read_bytes()))
    return found
