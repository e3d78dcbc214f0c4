"""Which settings are tried: single keys in fine steps, pairs and threes of them in coarse ones.

The trials are fixed before any label is looked at: so what is chosen with a part of the labels can be held
against the rest of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import NamedTuple

from monitor.errors import SettingsError
from monitor.events.event import Kind
from monitor.settings import Settings
from monitor.settings.values import value_at, with_values


class Change(NamedTuple):
    """One key with the value that is tried, `steps` away from the present one among those that are."""

    key: str
    value: float
    steps: int


Changes = tuple[Change, ...]
"""What differs from the present settings, in the order of the knobs; empty for the present settings."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A key that is tuned: the values that are tried, as factors of the present one or as they are.

    Of `factors` those at every second place are tried in pairs, `few` in threes. `kinds` are the kinds of
    event that it decides. `measured` says that it changes what is measured.
    """

    key: str
    factors: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    kinds: frozenset[Kind] = frozenset({Kind.MOTION})
    measured: bool = False

    def changes(self, settings: Settings) -> list[Change]:
        """Return the values to be tried that the settings allow, in order; without the present one."""
        present = float(value_at(settings, self.key))
        tried = self.values or [_short(present * factor) for factor in self.factors]
        allowed = sorted({v for v in tried if v != present and _is_allowed(settings, self.key, v)})
        below = sum(value < present for value in allowed)
        return [
            Change(self.key, value, at - below if at < below else at - below + 1)
            for at, value in enumerate(allowed)
        ]


_AREA = Knob("motion.min_area_fraction", (0.25, 0.35, 0.5, 0.71, 1.4, 2, 2.8, 4, 5.6, 8, 11, 16))
_LASTS = Knob("motion.min_duration_s", (0.33, 0.67, 1.5, 2, 3, 4, 6, 10))
_WAY = Knob("motion.min_displacement_fraction", (0.33, 0.5, 0.67, 1.3, 1.7, 2.3, 3, 4, 6))
_STEADY = Knob("advanced.regions.min_coherence", values=(0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9))
_SPEED = Knob("advanced.regions.max_speed_per_s", (0.35, 0.5, 0.7, 1.4, 2, 4))

_VIEW = frozenset({Kind.COVERED, Kind.BLINDED})

KNOBS: tuple[Knob, ...] = (
    _AREA,
    _LASTS,
    _WAY,
    _STEADY,
    _SPEED,
    Knob("advanced.light.change_ratio", (0.7, 0.8, 0.9, 1.2, 1.5, 2), kinds=frozenset({Kind.LIGHT_CHANGE})),
    Knob("advanced.integrity.covered_s", (0.5, 0.7, 1.5, 2, 4, 8), kinds=_VIEW),
    Knob("advanced.integrity.defocused_s", (0.5, 0.7, 1.5, 2, 4), kinds=frozenset({Kind.DEFOCUSED})),
    Knob("advanced.integrity.frozen_s", (0.2, 0.5, 2, 4), kinds=frozenset({Kind.FROZEN})),
    Knob("advanced.integrity.moved_fraction", (0.5, 0.7, 1.5, 2, 3), kinds=frozenset({Kind.CAMERA_MOVED})),
    Knob("advanced.regions.left_s", (0.5, 2, 4, 10), kinds=frozenset({Kind.OBJECT_LEFT})),
    Knob("advanced.regions.removed_s", (0.5, 0.7, 1.15), kinds=frozenset({Kind.OBJECT_REMOVED})),
)
"""The limits that the judge alone reads. The quiet time after which an event ends is not among them: with
more of it false alarms run together, which makes them fewer and no better."""

MEASURED: tuple[Knob, ...] = (
    Knob("motion.k_sigma", (0.75, 0.88, 1.25, 1.5), measured=True),
    Knob("advanced.analysis.max_height_px", (0.5, 2), measured=True),
)
"""What changes the measuring itself, and costs a scan of the recordings for each value: with fewer steps."""


def knobs_for(kinds: Iterable[Kind]) -> list[Knob]:
    """Return the knobs of the judge that decide about any of these kinds."""
    wanted = frozenset(kinds)
    return [knob for knob in KNOBS if knob.kinds & wanted]


def trials(settings: Settings, knobs: Sequence[Knob]) -> list[Changes]:
    """Return what is tried with these knobs around the settings; the settings as they are first."""
    fine = [knob.changes(settings) for knob in knobs]
    coarse = [_every(changes, 2) for changes in fine]
    # Three at a time only of what decides about motion: the others each have a kind of their own.
    rough = [
        _every(changes, 4) for knob, changes in zip(knobs, fine, strict=True) if Kind.MOTION in knob.kinds
    ]
    tried: Iterator[Changes] = chain(
        [()],
        ((change,) for changes in fine for change in changes),
        chain.from_iterable(product(*pair) for pair in combinations(coarse, 2)),
        chain.from_iterable(product(*some) for number in (2, 3) for some in combinations(rough, number)),
    )
    return list(dict.fromkeys(tried))


def few_trials(settings: Settings, knobs: Sequence[Knob]) -> list[Changes]:
    """Return what is tried of the judge where the recordings are measured otherwise: single keys alone."""
    return [(), *((change,) for knob in knobs for change in knob.changes(settings))]


def with_changes(settings: Settings, changes: Sequence[Change]) -> Settings:
    """Return the settings with these values; raises `SettingsError` where one is not allowed."""
    whole = {change.key: isinstance(value_at(settings, change.key), int) for change in changes}
    return with_values(settings, {c.key: int(c.value) if whole[c.key] else c.value for c in changes})


def distance(changes: Changes) -> int:
    """Return how many steps away from the present settings these are."""
    return sum(abs(change.steps) for change in changes)


def _every(changes: Sequence[Change], step: int) -> list[Change]:
    """Return the changes an odd number of coarse steps away, so that some lie on both sides."""
    return [change for change in changes if abs(change.steps) % step == step // 2]


def _is_allowed(settings: Settings, key: str, value: float) -> bool:
    try:
        with_changes(settings, [Change(key, value, 0)])
    except SettingsError:
        return False
    return True


def _short(value: float) -> float:
    """Return a value with two significant digits, fit to be read in a file."""
    return float(f"{value:.2g}")
