"""Labels brought to the recordings that they are about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from monitor.tuning.labelfile import Entry, named
from monitor.tuning.labels import Label, Labelled
from monitor.tuning.scored import Clock

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """The recordings with their labels, and sentences about the labels that found no place."""

    recordings: tuple[Labelled, ...]
    problems: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is known of any recording."""
        return any(one.is_known for one in self.recordings)


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a recording without its scores: its name and address, and its times."""

    name: str
    address: str
    clock: Clock


def place_labels(entries: Sequence[Entry], recordings: Sequence[Place]) -> Placed:
    """Return the recordings with the labels that are about them.

    A label belongs to the recording that it names. Where none has that name, as for the events of a camera,
    it belongs to the one recording that was made at that moment; of several to the one whose path has the
    camera's name in it.
    """
    found: dict[int, list[Label]] = {}
    logs: set[int] = set()
    lost: list[Entry] = []
    for entry in entries:
        at = _recording_of(entry, recordings)
        span_s = None if at is None else _span_of(entry, recordings[at])
        if at is None or span_s is None:
            lost.append(entry)
            continue
        found.setdefault(at, []).append(_label(entry, span_s, recordings[at].clock))
        if entry.is_log:
            logs.add(at)
    labelled = tuple(
        Labelled(
            one.name,
            one.clock.duration_s,
            tuple(sorted(found.get(at, ()), key=lambda label: (label.start_s, label.end_s, label.kind))),
            at in logs,
        )
        for at, one in enumerate(recordings)
    )
    return Placed(
        labelled,
        (_nothing_fits(lost, [one.name for one in recordings]),)
        if lost and not found
        else tuple(_told(lost)),
    )


def nothing_fits(entries: Sequence[Entry], recordings: Sequence[tuple[str, str]]) -> str | None:
    """Return the sentence that says that no label can be about any recording, None where one may be.

    `recordings` are names and addresses. A label with moments may fit any: that is known once the recording
    is measured, while names are known before.
    """
    for entry in entries:
        if entry.moments is not None or any(_is_called(entry.source, *one) for one in recordings):
            return None
    return _nothing_fits(entries, [name for name, _ in recordings])


def _label(entry: Entry, span_s: tuple[float, float], clock: Clock) -> Label:
    frame_s = clock.duration_s / max(clock.frames - 1, 1)
    tolerance_s = entry.tolerance_s + entry.tolerance_frames * frame_s
    return Label(entry.says, entry.kind, *span_s, tolerance_s, entry.note)


def _recording_of(entry: Entry, recordings: Sequence[Place]) -> int | None:
    fits = [at for at, one in enumerate(recordings) if _names(entry.source, one)]
    if not fits and entry.moments is not None:
        then = entry.moments[0]
        fits = [at for at, one in enumerate(recordings) if one.clock.time_of(then) is not None]
        if len(fits) > 1:
            fits = [at for at in fits if entry.source in PurePath(recordings[at].address).parts]
    return fits[0] if len(fits) == 1 else None


def _names(source: str, recording: Place) -> bool:
    return _is_called(source, recording.name, recording.address)


def _is_called(source: str, name: str, address: str) -> bool:
    if source in (name, PurePath(name).stem, address):
        return True
    return "/" in source and address.endswith(f"/{source.removeprefix('./')}")


def _span_of(entry: Entry, recording: Place) -> tuple[float, float] | None:
    """Return when a label is in its recording, in seconds; None where that is unknown or outside."""
    clock = recording.clock
    if entry.frames is not None:
        return clock.time_of_frame(entry.frames[0]), clock.time_of_frame(entry.frames[1])
    if entry.span_s is not None and (entry.moments is None or _names(entry.source, recording)):
        return entry.span_s if entry.span_s[0] <= clock.duration_s else None
    if entry.moments is not None and (start_s := clock.time_of(entry.moments[0])) is not None:
        return start_s, start_s + (entry.moments[1] - entry.moments[0]).total_seconds()
    return None


def _told(lost: Sequence[Entry]) -> Iterable[str]:
    if not lost:
        return
    sources = named(lost)
    more = f" and {len(sources) - _SHOWN} more" if len(sources) > _SHOWN else ""
    yield (
        f"{len(lost)} label{'s' * (len(lost) != 1)} of {', '.join(sources[:_SHOWN])}{more} "
        "are about none of the recordings, or lie outside of them"
    )


def _nothing_fits(lost: Sequence[Entry], given: Sequence[str]) -> str:
    sources = named(lost)
    return (
        f"None of the labels is about one of the recordings: they name {', '.join(sources[:_SHOWN])}, "
        f"the recordings are {', '.join(given[:_SHOWN])}. "
        "The column source must name them, or the events must have happened while they were made."
    )
