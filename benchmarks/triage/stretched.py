"""Real recordings made long: their quiet seconds are played to and fro for minutes, their events once.

All of these recordings are shorter than what triage is for. Pictures that follow on one another do so in the
recording too, forwards or backwards, so nothing jumps; then all is coded anew at constant quality.
"""

import csv
import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
from av import VideoFrame

from benchmarks.paths import cache_folder
from benchmarks.triage.compare import Found

_QUIET_S = 75.0
_SHORTEST_QUIET_S = 0.8
"""A shorter gap between two events is no quiet to be made long."""

_AWAY_S = 0.3
"""Labels have a tolerance of some frames: so far from an event it is quiet."""

_CODED = {"preset": "veryfast", "crf": "23"}
_GOP_S = 4.0

Happening = tuple[str, int, int]
"""Kind, first and last frame."""


def stretched(data: Path) -> Iterator[tuple[Path, list[Found]]]:
    """Yield a long recording with its truth for each in which something passes and something is quiet."""
    with (data / "events/truth.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["kind"] != "quiet"]
    folder = cache_folder() / "triage"
    folder.mkdir(exist_ok=True)
    for name in dict.fromkeys(row["file"] for row in rows):
        happens = [(r["kind"], int(r["start_frame"]), int(r["end_frame"])) for r in rows if r["file"] == name]
        path = folder / f"long-{Path(name).stem}.mkv"
        truth = path.with_suffix(".truth.json")
        if not path.exists():
            unfinished = path.with_suffix(".part.mkv")
            found = _write(data / "events" / name, happens, unfinished)
            truth.write_text(json.dumps([[one.kind, one.start_s, one.end_s] for one in found]))
            unfinished.rename(path)
        if events := json.loads(truth.read_text()):
            yield path, [Found(*event) for event in events]


def _write(source: Path, happens: list[Happening], path: Path) -> list[Found]:
    """Write the long recording and return what happens in it, nothing where there is no quiet."""
    with av.open(str(source)) as container:
        stream = container.streams.video[0]
        rate = Fraction(stream.average_rate or 25).limit_denominator(1001)
        frames = [frame.reformat(format="yuv420p") for frame in container.decode(stream)]
    order = _order(len(frames), happens, float(rate))
    if len(order) == len(frames):
        path.touch()
        return []
    _encode(frames, order, rate, path)
    places: dict[int, int] = {}
    for place, number in enumerate(order):
        places.setdefault(number, place)  # an event is played once
    return [Found(kind, float(places[a] / rate), float(places[b] / rate)) for kind, a, b in happens]


def _order(count: int, happens: list[Happening], rate_hz: float) -> list[int]:
    """Return the numbers of the frames in the order in which they are shown."""
    away = round(_AWAY_S * rate_hz)
    ends = [(-away - 1, -away - 1), *((start, end) for _, start, end in happens), (count + away,) * 2]
    order: list[int] = []
    for (_, before), (start, end) in pairwise(ends):
        quiet = list(range(max(before + away + 1, 0), min(start - away, count)))
        order += range(max(before + 1, 0), quiet[0] if quiet else min(start, count))
        order += quiet
        if len(quiet) >= _SHORTEST_QUIET_S * rate_hz:
            there_and_back = [*quiet[-2::-1], *quiet[1:]]
            order += there_and_back * round(_QUIET_S * rate_hz / len(there_and_back))
        order += range(quiet[-1] + 1 if quiet else min(start, count), min(end + 1, count))
    return order


def _encode(frames: list[VideoFrame], order: list[int], rate: Fraction, path: Path) -> None:
    with av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=rate, options=_CODED)
        stream.width, stream.height = frames[0].width // 2 * 2, frames[0].height // 2 * 2
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = round(_GOP_S * rate)
        for place, number in enumerate(order):
            frame = frames[number].reformat(width=stream.width, height=stream.height)
            frame.pts, frame.time_base = place, 1 / rate
            frame.pict_type = 0
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
