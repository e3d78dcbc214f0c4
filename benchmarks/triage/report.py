"""What was compared, as tables: by encoder and rate control, and each recording."""

from collections.abc import Sequence

from benchmarks.results import Cell, table
from benchmarks.triage.compare import Compared, found_of

_BY_ENCODER = (
    "encoder",
    "recordings",
    "in part",
    "decoded",
    "true",
    "found",
    "lost",
    "gained",
    "× full",
    "× bare",
)
_BY_RECORDING = (
    "recording",
    "growth / least",
    "decoded",
    "true",
    "found",
    "lost",
    "gained",
    "× full",
    "× bare",
)


def report(compared: Sequence[Compared], encoders: Sequence[str] | None = None) -> str:
    """Return all together, by encoder where these are given, one a recording, and each by itself."""
    lost, events = sum(len(one.lost) for one in compared), sum(len(one.full) for one in compared)
    parts = [one for one in compared if one.plan.parts is not None]
    true = sum(len(one.truth) for one in compared)
    told = f" of {true} true happenings" if true else ""
    text = (
        f"**{lost} of {events} events of the full scans lost**{told}; {len(parts)} of {len(compared)} "
        f"recordings, with {sum(len(one.full) for one in parts)} of these events, were decoded in part.\n\n"
    )
    if encoders is not None:
        groups = {
            name: [c for c, e in zip(compared, encoders, strict=True) if e == name] for name in encoders
        }
        rows = [_together(name, group) for name, group in groups.items()]
        rows.append(_together("all", compared))
        text += table(_BY_ENCODER, rows, digits=1) + "\n"
    return text + table(_BY_RECORDING, [_alone(one) for one in compared], digits=1)


def _together(name: str, group: Sequence[Compared]) -> list[Cell]:
    share = sum(one.plan.decoded_share for one in group) / len(group)
    return [
        name,
        len(group),
        sum(one.plan.parts is not None for one in group),
        f"{share:.0%}",
        *_counts(group),
        *_speeds(group),
    ]


def _alone(one: Compared) -> list[Cell]:
    growth = one.plan.growth
    return [
        one.name,
        "–" if growth is None else f"{growth.smallest:.0%} / {growth.least:.0%}",
        "all" if one.plan.parts is None else f"{one.plan.decoded_share:.0%}",
        *_counts([one]),
        *_speeds([one]),
    ]


def _speeds(group: Sequence[Compared]) -> list[Cell]:
    """Return how many times faster than a full scan, and than bare decoding."""
    triaged_s = sum(one.triaged_cpu_s for one in group)
    return [
        sum(one.full_cpu_s for one in group) / triaged_s,
        sum(one.bare_cpu_s for one in group) / triaged_s,
    ]


def _counts(group: Sequence[Compared]) -> list[Cell]:
    true = sum(len(one.truth) for one in group)
    full, found = (
        sum(found_of(one.truth, events) for one, events in zip(group, lists, strict=True))
        for lists in ([one.full for one in group], [one.triaged for one in group])
    )
    lost, gained = sum(len(one.lost) for one in group), sum(len(one.gained) for one in group)
    return [true, f"{found} (full scan: {full})", lost, gained]
