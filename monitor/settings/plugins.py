"""What other packages plug in: which of their sinks and detectors work, and from which score on."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from monitor.plugins import Group, missing, plugin_of
from monitor.settings.declare import Section, key

_NAME = r"^[\w.-]{1,60}$"


def _a_sink(name: str) -> str:
    if plugin_of(Group.SINKS, name) is None:
        raise ValueError(missing(Group.SINKS, name))
    return name


def _a_detector(name: str) -> str:
    if plugin_of(Group.DETECTORS, name) is None:
        raise ValueError(missing(Group.DETECTORS, name))
    return name


SinkName = Annotated[str, Field(pattern=_NAME), AfterValidator(_a_sink)]
DetectorName = Annotated[str, Field(pattern=_NAME), AfterValidator(_a_detector)]


class Detector(Section):
    """From when to when the score of a detector is an event of the kind detected."""

    open_at: float = key(0.5, "Score from which something is detected. Higher: fewer events.")
    close_at: float | None = key(
        None,
        "Score below which it is so no longer, at most open_at; null: open_at. "
        "Lower: one event where the score wavers.",
        allowed="a number, or null",
    )
    open_after_s: float = key(
        0.5,
        "The score must be so high for so long. Higher: flickers drop out.",
        unit="seconds",
        ge=0.0,
        le=600.0,
    )
    close_after_s: float = key(
        2.0, "The event ends when the score was low for so long.", unit="seconds", ge=0.0, le=600.0
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.close_at is not None and self.close_at > self.open_at:
            raise ValueError(f"close_at ({self.close_at:g}) must be at most open_at ({self.open_at:g})")
        return self


class Plugins(Section):
    """What other installed packages bring; `monitor doctor` lists it."""

    sinks: tuple[SinkName, ...] = key(
        (),
        "Names of sinks that get every frame and all events of each source.",
        allowed="a list of names of installed sinks",
    )
    detectors: dict[DetectorName, Detector] = key(
        {},
        "Detectors that give every analysed frame a score, and which score is an event.",
        allowed="names of installed detectors, each with the keys below",
        examples=[{"smoke": {"open_at": 0.7}}],
    )

    @property
    def take_frames(self) -> bool:
        """Whether anything is to see the frames of a source one after the other."""
        return bool(self.sinks or self.detectors)
