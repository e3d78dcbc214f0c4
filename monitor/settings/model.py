"""Every setting of the program: type, default, unit, range and meaning, declared once.

The checks, the JSON Schema, the reference file and the messages about mistakes all come from these
declarations. A new setting is one more `key` here (or in `advanced`); then `config/monitor.yaml` is
made anew: delete it and run `monitor config init config/monitor.yaml`.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.settings.advanced import Advanced
from monitor.settings.declare import Section, key
from monitor.settings.polygon import Point, fault_of


class Motion(Section):
    """What counts as motion: start here when there are too many or too few events."""

    k_sigma: float = key(
        4.0,
        "How many σ a pixel must leave its mean to be foreground. "
        "Higher: fewer false alarms; lower: weaker contrasts are seen.",
        unit="σ",
        ge=1.5,
        le=12.0,
    )
    min_area_fraction: float = key(
        0.0008,
        "Smallest region that counts, as a share of the frame. Higher: insects, birds and rain drop out.",
        unit="of the frame",
        gt=0.0,
        le=0.5,
    )
    max_area_fraction: float = key(
        0.7,
        "Largest region that counts as motion, as a share of the frame. "
        "Lower: more whole-picture changes are left to the light and integrity checks.",
        unit="of the frame",
        gt=0.0,
        le=1.0,
    )
    min_duration_s: float = key(
        0.3,
        "Shortest motion that becomes an event. Higher: flickers drop out, and so do quick passers-by.",
        unit="seconds",
        ge=0.0,
        le=60.0,
    )
    min_displacement_fraction: float = key(
        0.03,
        "Shortest way that something must travel, as a share of the frame's diagonal, "
        "and at least half its own size. "
        "Higher: swaying branches drop out, and so does what moves on the spot.",
        unit="of the diagonal",
        ge=0.0,
        le=1.0,
    )
    event_gap_s: float = key(
        3.0,
        "Quiet time after which an event ends. Higher: fewer and longer events.",
        unit="seconds",
        ge=0.0,
        le=600.0,
    )

    @model_validator(mode="after")
    def _areas_in_order(self) -> Self:
        if self.min_area_fraction >= self.max_area_fraction:
            raise ValueError(
                f"min_area_fraction ({self.min_area_fraction:g}) must be below "
                f"max_area_fraction ({self.max_area_fraction:g})"
            )
        return self


def _with_an_inside(points: tuple[Point, ...]) -> tuple[Point, ...]:
    if fault := fault_of(points):
        raise ValueError(fault)
    return points


Fraction = Annotated[float, Field(ge=0.0, le=1.0)]


class Zone(Section):
    """A polygon of the picture with a role."""

    role: Literal["include", "exclude", "privacy"] = key(
        "include",
        "include: motion counts only inside zones of this role; exclude: motion inside is ignored; "
        "privacy: the same, and the area is blackened in everything that is stored or shown.",
    )
    points: Annotated[tuple[tuple[Fraction, Fraction], ...], AfterValidator(_with_an_inside)] = key(
        ...,
        "Corners in order around the area, x from the left and y from the top, as fractions of the frame.",
        allowed="3 to 100 points [x, y], each number 0 to 1, the outline not crossing itself",
        min_length=3,
        max_length=100,
    )
    sensitivity: float = key(
        1.0,
        "Sensitivity inside the zone: the least area and the least way of motion are divided by it. "
        "Higher: smaller things and shorter ways count.",
        unit="times",
        ge=0.1,
        le=10.0,
    )


ZoneName = Annotated[str, Field(pattern=r"^[\p{L}\p{M}\p{N}_-]{1,40}$")]
"""Names go into file names, topics and `--set zones.NAME.role=...`: hence no dot, slash or space."""


def _none_means_none(zones: Any) -> Any:
    return {} if zones is None else zones


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
    motion: Motion = Motion()
    zones: Annotated[dict[ZoneName, Zone], BeforeValidator(_none_means_none)] = key(
        {},
        "Named areas of the picture. Without an include zone all of it counts.",
        allowed="names of 1 to 40 letters, digits, - and _, each with the keys below",
        examples=[{"gate": {"points": ((0.1, 0.5), (0.9, 0.5), (0.9, 1.0), (0.1, 1.0))}}],
    )
    clips: Clips = Clips()
    outputs: Outputs = Outputs()
    images: Images = Images()
    advanced: Advanced = Advanced()
