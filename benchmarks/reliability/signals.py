"""Cameras that go, fall silent, send garbage or come back as others."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.reliability.fault import Row, judged
from benchmarks.reliability.footage import LOOP_S, OTHER_SIZE, PASSES_S
from benchmarks.reliability.proxy import Proxy
from benchmarks.reliability.watching import (
    READING,
    Camera,
    Watch,
    camera,
    configure,
    moment,
    need_server,
    rows,
    watching,
)
from monitor.outputs.journal.schema import gaps

SLACK_S = 2.5
"""Beyond a limit: connecting, the first key picture, the journal's and the reader's looks, a busy machine."""


def _signal_lost(watch: Watch, phase: str = "closed") -> list[dict[str, Any]]:
    """Return the losses after the first passage; a camera may be slow to connect at the start."""
    seen_s = watch.events()[0]["start_s"]
    return [event for event in watch.events("signal_lost", phase) if event["start_s"] > seen_s]


def _gaps_kept(watch: Watch) -> int:
    since_us = moment(watch.events()[0], "start_time").timestamp() * 1e6
    return sum(row.start_us > since_us for row in rows(watch.out, gaps))


_DUE = ("motion", "signal_lost")
_OF_DAMAGE = {"motion", "corrupt_frame", "signal_lost"}


@contextmanager
def _seen(config: Path, folder: Path) -> Iterator[Watch]:
    """Give a watch that has seen one passage to its end."""
    with watching(config, folder / "out") as watch:
        watch.wait("event", lambda: watch.events(phase="closed"))
        yield watch


def _motion_after(watch: Watch, gap: dict[str, Any]) -> list[dict[str, Any]]:
    end = moment(gap, "end_time")
    return [event for event in watch.events() if moment(event, "start_time") >= end]


def _after_gap(watch: Watch, passages: int) -> tuple[float, int, list[float]]:
    """Wait for so many passages after the gap; return its length, and when motion opened after its end."""
    watch.wait("return of the signal", lambda: _signal_lost(watch))
    gap = _signal_lost(watch)[0]
    watch.wait("passage after the gap", lambda: len(_motion_after(watch, gap)) >= passages)
    end = moment(gap, "end_time")
    opened_s = [(moment(event, "start_time") - end).total_seconds() for event in _motion_after(watch, gap)]
    return gap["end_s"] - gap["start_s"], _gaps_kept(watch), opened_s


def _is_passage(opened_s: float) -> bool:
    """Say whether motion at this time after the start of a loop is somebody who passes."""
    return any(start_s - 0.7 <= opened_s <= end_s for start_s, end_s in PASSES_S)


def _others(watch: Watch) -> list[str]:
    return [e["kind"] for e in watch.said if e["phase"] == "opened" and e["kind"] not in _DUE]


def killed_and_restarted(folder: Path, short: bool) -> Row:
    """Kill the server, and start it anew at the same port."""
    away_s = 1.0 if short else 12.0
    # After 1, 2, 5, 10 s the camera is tried again: at the latest so long after it is back.
    backoff_s = 2.0 if short else 10.0
    with ExitStack() as stack:
        server = stack.enter_context(camera(folder))
        with _seen(configure(folder, server.address), folder) as watch:
            server.kill()
            time.sleep(away_s)
            back = Camera(folder, server.port)
            stack.callback(back.kill)
            back_s = time.monotonic()
            watching_s = watch.wait("return", lambda: _signal_lost(watch)) - back_s
            gap_s, kept, opened_s = _after_gap(watch, 1 if short else 2)
            others, code = _others(watch), watch.stop()
    return judged(
        f"the RTSP server is killed, and started anew after {away_s:g} s",
        "signal_lost with start and end and a gap in the journal; watched again within the back-off; no "
        "other event than who passes afterwards",
        f"gap of {gap_s:.1f} s in {kept} row; back {watching_s:.1f} s after the server; motion at "
        f"{_texts(opened_s)} s, passages at {_texts(start for start, _ in PASSES_S)} s; exit code {code}",
        {
            "gap on record once": kept == 1 and gap_s >= away_s,
            "back within the back-off": watching_s <= backoff_s + SLACK_S,
            "no false motion": all(map(_is_passage, opened_s)) and not others,
            "ended in order": code == 0,
        },
    )


def black_holed(folder: Path, short: bool) -> Row:
    """Let the connection go silent while it stays open."""
    with ExitStack() as stack:
        server = stack.enter_context(camera(folder))
        proxy = stack.enter_context(Proxy(server.port))
        with _seen(configure(folder, proxy.address), folder) as watch:
            proxy.go_silent()
            silent_s = time.monotonic()
            found_s = watch.wait("loss", lambda: _signal_lost(watch, "opened")) - silent_s
            gap_s, kept, opened_s = _after_gap(watch, 1 if short else 2)
            others, connections = _others(watch), proxy.connections
    limit_s = READING["silence_s"]
    replaced_s = READING["read_s"] + 1.0 + SLACK_S
    return judged(
        "a proxy keeps the connection open and lets nothing through any more",
        f"found within the silence limit of {limit_s:g} s; the connection replaced after "
        f"{READING['read_s']:g} s without data",
        f"found after {found_s:.1f} s; gap of {gap_s:.1f} s in {kept} row; {connections} connections; motion "
        f"at {_texts(opened_s)} s",
        {
            "found in time": found_s <= limit_s + 1.0,
            "replaced in time": connections == 2 and gap_s <= replaced_s,
            "gap on record once": kept == 1,
            "no false motion": all(map(_is_passage, opened_s)) and not others,
        },
    )


def garbage(folder: Path, short: bool) -> Row:
    """Change bytes in the packets of pictures."""
    chance, spoilt_s = 0.15, (3.0 if short else 20.0)
    with ExitStack() as stack:
        server = stack.enter_context(camera(folder))
        proxy = stack.enter_context(Proxy(server.port))
        with _seen(configure(folder, proxy.address), folder) as watch:
            time.sleep(0.5)
            proxy.spoil = chance
            time.sleep(spoilt_s)
            proxy.spoil, whole = 0.0, len(watch.said)
            time.sleep(2.0)
            watch.wait(
                "passage after the garbage",
                lambda: [e for e in watch.said[whole:] if e["kind"] == "motion" and e["phase"] == "closed"],
            )
            kinds = sorted({e["kind"] for e in watch.said})
            motion = len([e for e in watch.said if e["kind"] == "motion" and e["phase"] == "opened"])
            bugs, code = watch.count("Traceback"), watch.stop()
    return judged(
        f"a proxy changes 8 bytes in {chance:.0%} of the packets for {spoilt_s:g} s ({proxy.spoilt} packets)",
        "the program goes on without an error of its own, tells of damage or loss and makes nothing up, "
        "and finds who passes afterwards",
        f"kinds told: {', '.join(kinds)}; {motion} motion events in all; {bugs} tracebacks; exit code {code}",
        {
            "nothing made up": set(kinds) <= _OF_DAMAGE,
            "no traceback": not bugs,
            "ended in order": code == 0,
        },
    )


def packets_lost(folder: Path, short: bool) -> Row:
    """Let packets go astray by UDP."""
    share, lossy_s = 0.02, (15.0 if short else 60.0)
    with ExitStack() as stack:
        server = stack.enter_context(camera(folder, loss=share))
        config = configure(folder, server.address, transport="udp")
        with _seen(config, folder) as watch:
            time.sleep(lossy_s)
            kinds = Counter(e["kind"] for e in watch.said if e["phase"] == "opened")
            opened_s = [e["start_s"] % LOOP_S for e in watch.events()]
            bugs, code = watch.count("Traceback"), watch.stop()
    return judged(
        f"{share:.0%} of the packets that are sent by UDP are lost for {lossy_s:g} s",
        "who passes is found, no motion is told of where nobody passes, and of damage nothing but "
        "corrupt_frame",
        f"told: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}; {bugs} tracebacks; "
        f"exit code {code}",
        {
            "nothing made up": set(kinds) <= _OF_DAMAGE - {"signal_lost"},
            "no false motion": bool(opened_s) and all(map(_is_passage, opened_s)),
            "no traceback": not bugs,
            "ended in order": code == 0,
        },
    )


def other_codec(folder: Path, short: bool) -> Row:
    """Bring the camera back with Motion JPEG."""
    return _changed(folder, "with Motion JPEG instead of H.264", codec="mjpeg", suffixes={".mp4", ".mkv"})


def other_size(folder: Path, short: bool) -> Row:
    """Bring the camera back with another size."""
    size = f"as {OTHER_SIZE.width}x{OTHER_SIZE.height} instead of 320x240"
    return _changed(folder, size, size=OTHER_SIZE, suffixes={".mp4"})


def _changed(folder: Path, how: str, *, suffixes: set[str], **change: Any) -> Row:
    need_server()
    other = Camera(folder, **change)
    with ExitStack() as stack:
        stack.callback(other.kill)
        server = stack.enter_context(camera(folder))
        proxy = stack.enter_context(Proxy(server.port))
        with _seen(configure(folder, proxy.address), folder) as watch:
            proxy.point_to(other.port)
            server.kill()
            gap_s, kept, opened_s = _after_gap(watch, 1)
            watch.wait("its end", lambda: len(watch.events(phase="closed")) >= 2)
            time.sleep(1.5)
            others, bugs, code = _others(watch), watch.count("Traceback"), watch.stop()
    clips = {path.suffix for path in (folder / "out").glob("*/clips/*/*")}
    return judged(
        f"the camera is gone and comes back {how}",
        "a gap, then watched as before; who passes is found; clips of both kinds are whole",
        f"gap of {gap_s:.1f} s; motion at {_texts(opened_s)} s; clips {', '.join(sorted(clips))}; other "
        f"events: {', '.join(others) or 'none'}; {bugs} tracebacks; exit code {code}",
        {
            "gap on record once": kept == 1,
            "no false motion": all(map(_is_passage, opened_s)) and not others,
            "clips of both": clips == suffixes,
            "ended in order": code == 0 and not bugs,
        },
    )


def _texts(times_s: Iterable[float]) -> str:
    return ", ".join(f"{time_s:.1f}" for time_s in times_s)
