"""What counts as motion, and where in the picture."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

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


Zones = Annotated[dict[ZoneName, Zone], BeforeValidator(_none_means_none)]
