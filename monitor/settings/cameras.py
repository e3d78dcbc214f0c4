"""The settings of a camera: where it is, how it is read, and when it counts as lost."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from monitor.plugins import Group, plugin_of
from monitor.settings.changes import MotionChanges, RecordingChanges
from monitor.settings.declare import Section, key
from monitor.settings.live import BUDGET, Budget, Live
from monitor.settings.motion import Zones

Kind = Literal["auto", "network", "webcam", "device", "picamera", "file", "plugin"]

CameraName = Annotated[str, Field(pattern=r"^[\p{L}\p{M}\p{N}_-]{1,40}$")]
"""Names are those of folders and topics: hence no dot, slash or space."""


def _text(address: Any) -> Any:
    """Take the number of a webcam, as YAML gives it, for its text."""
    return str(address) if isinstance(address, int) and not isinstance(address, bool) else address


# Out of repr: an address may hold a password.
Address = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=2000)]
Pixels = Annotated[int, Field(ge=16, le=16384)]


class Camera(Section):
    """How a camera is read."""

    address: Address = key(
        ...,
        "Where the camera is: rtsp://, rtsps://, http:// or https:// (MJPEG or HLS), /dev/video0 or 0 for a "
        "webcam, picamera for the camera of a Raspberry Pi, or what the device named by `format` calls its "
        "input.",
        allowed="an address of 1 to 2000 characters, or the number of a webcam",
        repr=False,
        examples=["rtsp://192.168.1.20/stream1", 0],
    )
    kind: Kind = key(
        "auto",
        "What kind of camera it is; auto: the address tells. file: a recording, shown at its "
        "own pace, for trying. plugin: an installed package reads it, found by the address's scheme.",
    )
    format: Annotated[str, Field(pattern=r"^[a-z0-9_,]{1,40}$")] | None = key(
        None,
        "The FFmpeg input device that reads the address, such as x11grab, v4l2 or lavfi.",
        allowed="the name of an FFmpeg input device",
    )
    transport: Literal["tcp", "udp"] = key(
        "tcp",
        "How an RTSP camera sends its pictures. tcp: none is lost on the way; udp: for cameras that know "
        "nothing else.",
    )
    second_address: Address | None = key(
        None,
        "A second, smaller stream of the same camera: it is analysed, and the stream at `address` is only "
        "recorded, without being decoded.",
        allowed="an address of 1 to 2000 characters",
        repr=False,
    )
    size: tuple[Pixels, Pixels] | None = key(
        None,
        "Width and height asked of a webcam, a device or a Raspberry Pi camera; what it really gives is in "
        "the log. Higher: sharper clips, and more work.",
        unit="pixels",
        allowed="two whole numbers, 16 to 16384",
    )
    rate_hz: float | None = key(
        None,
        "Frames a second asked of a webcam, a device or a Raspberry Pi camera.",
        unit="frames per second",
        gt=0.0,
        le=240.0,
    )
    colour: bool = key(
        True,
        "Decode the colours of a webcam's pictures for the analysis. Off: faster, and what differs from its "
        "ground in colour alone is not seen.",
    )
    threads: int | None = key(
        None,
        "Threads that decode; by default one, and more only above 1080 rows. Higher: larger pictures keep "
        "up, and each arrives some frames later.",
        unit="threads",
        ge=1,
        le=16,
    )
    username: str | None = key(
        None, "Name for logging in at the camera, where it is not in the address.", min_length=1, repr=False
    )
    password_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")] | None = key(
        None, "Name of the environment variable that holds the password.", allowed="the name of a variable"
    )
    password_file: Path | None = key(
        None,
        "File whose first line is the password; only its owner may have any right to it (chmod 600).",
        allowed="a file",
        strict=False,
    )
    tls_verify: bool = key(
        True,
        "Check the certificate of a camera at rtsps:// or https://. Off: whoever gets between can show other "
        "pictures and read the password.",
    )
    ca_file: Path | None = key(
        None,
        "Certificate that the camera's is checked against: its own where it signed itself, or that of the "
        "authority that signed it; by default those that the system trusts.",
        allowed="a PEM file",
        strict=False,
    )
    tls_name: str | None = key(
        None,
        "Name in the camera's certificate, where it is not the host in the address.",
        min_length=1,
        max_length=255,
    )
    silence_s: float = key(
        5.0,
        "Time without a picture after which the signal counts as lost; an error counts at once. "
        "Lower: sooner told, and sooner wrong on a shaky network.",
        unit="seconds",
        ge=0.5,
        le=600.0,
    )
    open_s: float = key(
        10.0,
        "Longest time that each of the two steps of connecting may take before it is tried again.",
        unit="seconds",
        ge=1.0,
        le=300.0,
    )
    read_s: float = key(
        10.0,
        "Longest wait for data before the connection is given up and made anew.",
        unit="seconds",
        ge=1.0,
        le=300.0,
    )
    hang_s: float = key(
        40.0,
        "Time after which a driver that answers nothing at all, not even its own time limits, is left behind "
        "and the camera opened anew; above twice open_s, and above read_s.",
        unit="seconds",
        ge=2.0,
        le=3600.0,
    )

    @model_validator(mode="after")
    def _limits_in_order(self) -> Self:
        # Connecting has two steps, finding the camera and knowing its stream, each with its own time.
        if self.hang_s <= max(2 * self.open_s, self.read_s):
            raise ValueError(
                f"hang_s ({self.hang_s:g}) must be above twice open_s ({self.open_s:g}) "
                f"and above read_s ({self.read_s:g})"
            )
        return self

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password_env and self.password_file:
            raise ValueError("password_env and password_file both name a password; keep one of them")
        if (self.password_env or self.password_file) and not self.username:
            raise ValueError("a password is given but no username; add username")
        return self

    @model_validator(mode="after")
    def _known_kind(self) -> Self:
        if self.kind == "device" and not self.format:
            raise ValueError("kind is device, but no format names it; add format, such as x11grab")
        if self.kind_of_address is None:
            # The address itself is not shown: it may hold a password.
            raise ValueError(
                "the address is none of rtsp://, rtsps://, http://, https://, /dev/videoN, a number or "
                "picamera, and no installed package reads it; correct it, or say what reads it with `format`"
            )
        return self

    @model_validator(mode="after")
    def _second_stream_of_a_network_camera(self) -> Self:
        if self.second_address is not None and self.kind_of_address != "network":
            raise ValueError("second_address is for network cameras; leave it out")
        return self

    @property
    def kind_of_address(
        self,
    ) -> Literal["network", "webcam", "device", "picamera", "file", "plugin"] | None:
        """The kind that was set, or that the address tells; None where it tells none."""
        if self.kind != "auto":
            return self.kind
        if self.format:
            return "device"
        if self.address.lower().startswith(NETWORK_SCHEMES):
            return "network"
        if self.address.isdecimal() or self.address.startswith("/dev/video"):
            return "webcam"
        if self.address.partition(":")[0] == "picamera":
            return "picamera"
        scheme, colon, _ = self.address.partition("://")
        return "plugin" if colon and plugin_of(Group.SOURCES, scheme) else None


NETWORK_SCHEMES = ("rtsp://", "rtsps://", "http://", "https://")
"""How the addresses of network cameras begin."""


class WatchedCamera(Camera):
    """One camera: how it is read, and what differs for it from what all share."""

    motion: MotionChanges = MotionChanges()
    zones: Zones = key(
        {},
        "Areas of this camera's picture, besides those that all cameras share.",
        allowed="names of 1 to 40 letters, digits, - and _, each with the keys of `zones`",
    )
    recording: RecordingChanges = RecordingChanges()
    alerts: tuple[str, ...] | None = key(
        None,
        "Names of the channels that tell of this camera; null: all whose `sources` allow it.",
        allowed="a list of names of channels, or null",
    )
    cpu_budget: Budget = key(
        None, "As live.cpu_budget, for this camera; null is as for all.", allowed=f"{BUDGET}, or null"
    )

    def bare(self) -> "WatchedCamera":
        """Return how it is read, without what differs."""
        return WatchedCamera(**{name: getattr(self, name) for name in Camera.model_fields})

    def budget_over(self, common: Live) -> Live:
        """Return the common section with this camera's budget."""
        return (
            common if self.cpu_budget is None else common.model_copy(update={"cpu_budget": self.cpu_budget})
        )
