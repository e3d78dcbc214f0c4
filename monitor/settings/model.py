"""Every setting of the program: type, default, unit, range and meaning, declared once.

The checks, the JSON Schema, the reference file and the messages about mistakes all come from these
declarations. A new setting is one more `key` here (or in `advanced`); then `config/monitor.yaml` is
made anew: delete it and run `monitor config init config/monitor.yaml`.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ValidationError, model_validator

from monitor.settings.advanced import Advanced
from monitor.settings.alerts import CHANNELS, Alerts
from monitor.settings.archive import Archive
from monitor.settings.cameras import CameraName, WatchedCamera
from monitor.settings.declare import Section, key
from monitor.settings.journal import Journal, Retention
from monitor.settings.live import Live
from monitor.settings.metrics import Metrics
from monitor.settings.motion import Motion, Zones
from monitor.settings.plugins import Plugins
from monitor.settings.recording import Recording
from monitor.settings.web import Web


def _none_means_none(named: Any) -> Any:
    return {} if named is None else named


class Clips(Section):
    """The video file of each event."""

    enabled: bool = key(True, "Record a clip of each event.")
    mode: Literal["copy", "encode"] = key(
        "copy",
        "copy: the packets as they came, at no cost and no loss, starting at a key frame; "
        "encode: made anew from the frames, exact to the frame, at the price of computing time.",
    )
    pre_roll_s: float = key(
        3.0,
        "Time before the event that its clip shows. Higher: more memory, for it is always kept ready.",
        unit="seconds",
        ge=0.0,
        le=60.0,
    )
    post_roll_s: float = key(
        3.0, "Time after the event that its clip shows.", unit="seconds", ge=0.0, le=600.0
    )


class Outputs(Section):
    """Where results go, and which."""

    folder: Path = key(
        Path("recordings"),
        "Folder for everything that is written; a relative one counts from where the program is started.",
        allowed="a folder",
        strict=False,
    )
    annotate: bool = key(True, "Write a copy of the video with boxes, tracks and scores drawn in.")
    snapshots: bool = key(True, "Write a picture of each event at its peak.")
    contact_sheet: bool = key(True, "Write one sheet with the pictures of all events of a recording.")
    report: bool = key(True, "Write one report on all recordings of the folder at the end of a scan.")


class Images(Section):
    """Folders of single pictures read as a recording."""

    rate_hz: float = key(
        25.0,
        "Pictures per second that the folder is taken to have. Wrong: every time in seconds is wrong.",
        unit="frames per second",
        gt=0.0,
        le=1000.0,
    )


class Settings(Section):
    """Every setting of the monitor with its meaning, allowed values and default."""

    preset: Literal["indoor", "outdoor", "raspberry-pi"] | None = key(
        None, "A named set of values for a kind of place; the keys of this file and --set go above it."
    )
    cameras: Annotated[dict[CameraName, WatchedCamera], BeforeValidator(_none_means_none)] = key(
        {},
        "The cameras that `monitor watch` watches, each in a process of its own.",
        allowed="names of 1 to 40 letters, digits, - and _, each with the keys below",
        examples=[{"driveway": {"address": "rtsp://192.168.1.20/stream1"}}],
    )
    live: Live = Live()
    motion: Motion = Motion()
    zones: Zones = key(
        {},
        "Named areas of the picture. Without an include zone all of it counts.",
        allowed="names of 1 to 40 letters, digits, - and _, each with the keys below",
        examples=[{"gate": {"points": ((0.1, 0.5), (0.9, 0.5), (0.9, 1.0), (0.1, 1.0))}}],
    )
    clips: Clips = Clips()
    recording: Recording = Recording()
    outputs: Outputs = Outputs()
    images: Images = Images()
    archive: Archive = Archive()
    journal: Journal = Journal()
    retention: Retention = Retention()
    alerts: Alerts = Alerts()
    metrics: Metrics = Metrics()
    web: Web = Web()
    plugins: Plugins = Plugins()
    advanced: Advanced = Advanced()

    @model_validator(mode="after")
    def _cameras_fit(self) -> Self:
        for name in self.cameras:
            try:
                self.of_camera(name)
            except ValidationError as error:
                # As the common values are right by themselves, it is the camera's that do not go with them.
                raise ValueError(f"cameras.{name}: {error.errors()[0]['msg'].split(', ', 1)[-1]}") from None
        return self

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        channels = {
            name: channel for kind in CHANNELS for name, channel in getattr(self.alerts, kind).items()
        }
        for name, camera in self.cameras.items():
            for channel in camera.alerts or ():
                if channel not in channels:
                    raise ValueError(f"cameras.{name}.alerts names {channel}, which is no channel of alerts")
        for name, channel in channels.items():
            for source in getattr(channel, "sources", ()) if self.cameras else ():
                if source not in self.cameras:
                    raise ValueError(f"the alert channel {name} names {source}, which is none of the cameras")
        return self

    def of_camera(self, name: str) -> "Settings":
        """Return the settings of one camera: its own go above those that all share.

        It is the only one in `cameras`, and nothing but it is told of in `alerts`, which are not its own.
        """
        camera = self.cameras[name]
        merged = {
            "cameras": {name: camera.bare()},
            "live": camera.budget_over(self.live),
            "motion": Motion.model_validate(camera.motion.over(self.motion)),
            "zones": {**self.zones, **camera.zones},
            "recording": Recording.model_validate(camera.recording.over(self.recording)),
            "alerts": Alerts(),
        }
        return self.model_copy(update=merged)
