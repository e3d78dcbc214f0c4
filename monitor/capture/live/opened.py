"""Connecting to a stream: FFmpeg's options for each kind of address, and its errors in words."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from errno import EIO
from typing import Literal

import av
from av import FFmpegError
from av.container import InputContainer
from av.error import ExitError, HTTPUnauthorizedError
from av.error import TimeoutError as LateError

from monitor.capture.live.redaction import redacted
from monitor.capture.live.trust import Trust
from monitor.errors import SourceError, SourceNotFoundError
from monitor.frames import Size

_LOOKED_AT_US = 200_000
"""So long FFmpeg looks at a stream to know it. What it looked at is decoded all the same, at once."""

_REORDER_US = 500_000
"""UDP packets that come later than this, behind their followers, count as lost."""

_SEGMENT_S = 30.0
"""HLS has nothing to read for as long as a segment lasts; hardly any is longer."""

_WITHOUT_CLOCK = frozenset({"mpjpeg", "mjpeg"})
"""Pictures follow each other without a word about time; FFmpeg would say 25 a second."""

_AHEAD_OF_TIME = frozenset({"hls", "lavfi"})
"""Whole segments come at once, and a generated stream comes as fast as it is read."""

_NETWORK = "http,https,tcp,tls,crypto,httpproxy,data"
_PROTOCOLS = {"rtsp": f"rtsp,rtsps,rtp,udp,{_NETWORK}", "http": _NETWORK}
"""What a stream may open further: other streams, and never a file of this machine."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a stream is and how to reach it; `address` may hold credentials, which `repr` does not show.

    `format` names an FFmpeg input device, None for the network. `size` and `rate_hz` are asked of a device.
    A recording (`is_file`) is shown at its own pace.
    Connecting may take `open_s` for each of its two steps, and a wait for data `read_s`.
    """

    address: str = field(repr=False)
    format: str | None = None
    transport: Literal["tcp", "udp"] = "tcp"
    open_s: float = 10.0
    read_s: float = 10.0
    size: Size | None = None
    rate_hz: float | None = None
    is_file: bool = False
    trust: Trust = field(default_factory=Trust)

    def options(self) -> dict[str, str]:
        """Return what FFmpeg is told."""
        if self.is_file:
            return {"protocol_whitelist": "file"}
        if self.format is not None:
            return _device_options(self.format, self.size, self.rate_hz)
        scheme = "rtsp" if self.address.lower().startswith("rtsp") else "http"
        options = {"analyzeduration": str(_LOOKED_AT_US), "protocol_whitelist": _PROTOCOLS[scheme]}
        options |= self.trust.options(self.address)
        if scheme == "rtsp":
            return options | {
                "rtsp_transport": self.transport,
                "allowed_media_types": "video",
                "max_delay": str(_REORDER_US),
                "timeout": str(int(self.read_s * 1_000_000)),
            }
        return options | {"rw_timeout": str(int(self.longest_read_s * 1_000_000))}

    @property
    def longest_read_s(self) -> float:
        """How long a read may wait: HLS needs the time of a segment."""
        is_playlist = self.address.partition("?")[0].lower().endswith(".m3u8")
        return max(self.read_s, _SEGMENT_S) if is_playlist else self.read_s

    def has_no_clock(self, container: InputContainer) -> bool:
        """Tell whether the time of a picture is known by its arrival alone."""
        return container.format.name in _WITHOUT_CLOCK

    def is_paced(self, container: InputContainer) -> bool:
        """Tell whether pictures come before their time."""
        return self.is_file or container.format.name in _AHEAD_OF_TIME

    def reason(self, error: FFmpegError) -> str:
        """Return what went wrong, without the address that FFmpeg's own texts hold."""
        if isinstance(error, (ExitError, LateError)):
            return f"no answer within {self.longest_read_s:g} s"
        if isinstance(error, HTTPUnauthorizedError):
            return "the camera refuses the name or the password"
        if error.errno == EIO and self.format is None:
            return "the connection broke"  # FFmpeg says the same of an orderly end
        return redacted(error.strerror or type(error).__name__)


def connect(connection: Connection) -> InputContainer:
    """Return the open stream; raises `SourceError` whose text and chain hold no credentials."""
    if connection.format == "x11grab" and crashes_on_screens(sys.modules):
        raise SourceError(
            f"{connection.address} cannot be grabbed in this program: OpenCV was loaded before PyAV, and "
            "their packages bring X libraries that do not go together; import av first."
        )
    reason = ""
    try:
        return av.open(
            connection.address,
            mode="r",
            format=connection.format,
            options=connection.options(),
            timeout=(connection.open_s, connection.longest_read_s),
            metadata_errors="replace",
        )
    except (ExitError, LateError):
        reason = f"no answer within {connection.open_s:g} s"
    except FFmpegError as error:
        reason = connection.reason(error)
    except ValueError as error:
        reason = redacted(str(error))  # no such input device in this build of FFmpeg
    name = redacted(connection.address)
    if fault := connection.trust.fault_of(connection.address, connection.open_s):
        raise SourceError(
            f"{name} cannot be opened ({fault}); put the camera's own certificate into a file and name it as "
            "ca_file, and as tls_name the name in it, or set tls_verify: false where nobody can get between."
        )
    # Raised here, outside of the handlers: FFmpeg's own errors carry the address with its password.
    if reason.startswith("No such file"):
        raise SourceNotFoundError(f"{name} cannot be opened ({reason}); check the address.")
    raise SourceError(f"{name} cannot be opened ({reason}); check the address, and that the camera is on.")


def crashes_on_screens(modules: Iterable[str]) -> bool:
    """Tell whether grabbing a screen would crash the process, given the modules in the order of loading.

    The wheels of both packages hold a libxcb-shm of one name but each with its own libxcb: the one loaded
    first serves both, which only PyAV's own survives.
    """
    return next((name for name in modules if name in ("cv2", "av")), "av") == "cv2"


def _device_options(device: str, size: Size | None, rate_hz: float | None) -> dict[str, str]:
    if device == "lavfi":
        return {}  # its size and rate are part of the address
    options = {"draw_mouse": "0"} if device == "x11grab" else {}
    if size is not None:
        options["video_size"] = f"{size.width}x{size.height}"
    if rate_hz is not None:
        options["framerate"] = f"{rate_hz:g}"
    return options
