"""Servers that go for a while: the broker of the alerts, and the database of the journal."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.reliability.fault import MissingError, Row, judged
from benchmarks.reliability.watching import camera, configure, rows, watching
from monitor.outputs.journal.schema import events
from tests.alerts.mosquitto import Mosquitto, listening
from tests.postgresql import Cluster


def broker_away(folder: Path, short: bool) -> Row:
    """Kill the broker for a while, in which events open and close."""
    if not (shutil.which("mosquitto") or Path("/usr/sbin/mosquitto").exists()):
        raise MissingError("mosquitto is not installed")
    meanwhile = 1 if short else 4
    broker = Mosquitto(folder)
    broker.start()
    with ExitStack() as stack:
        stack.callback(broker.stop)
        server = stack.enter_context(camera(folder))
        mqtt = {"mqtt": {"home": {"host": "127.0.0.1", "port": broker.port, "timeout_s": 2.0}}}
        watch = stack.enter_context(watching(configure(folder, server.address, alerts=mqtt), folder / "out"))
        watch.wait("event", lambda: watch.events(phase="closed"))
        time.sleep(1.0)
        broker.stop()
        stopped_s = time.monotonic()
        before = len(watch.events(phase="closed"))
        watch.wait("events", lambda: len(watch.events(phase="closed")) >= before + meanwhile, 60.0)
        away_s = time.monotonic() - stopped_s
        due = {(event["id"], event["phase"]) for event in watch.said[2 * before :]}
        broker.start()
        with listening(broker.port) as listener:
            began_s = time.monotonic()

            def came() -> Counter[tuple[Any, Any]]:
                return Counter(
                    (event["id"], event["phase"]) for _, text, _ in list(listener.got)
                    for event in _events(text)
                )  # fmt: skip

            watch.wait("alerts", lambda: due <= set(came()), 60.0)
            took_s = time.monotonic() - began_s
            found = came()
        code = watch.stop()
    twice = sum(count > 1 for key, count in found.items() if key in due)
    return judged(
        f"the broker is killed, and started anew after {away_s:.0f} s, in which {meanwhile} events open and "
        "close",
        "every alert arrives once it is back",
        f"{len(due & set(found))} of {len(due)} alerts came within {took_s:.1f} s, {twice} of them twice; "
        f"exit code {code}",
        {"all came": due <= set(found), "ended in order": code == 0},
    )


def _events(text: str) -> Iterator[dict[str, Any]]:
    try:
        message = json.loads(text)
    except ValueError:
        return
    for event in message.get("digest", [message]) if isinstance(message, dict) else ():
        if "id" in event:
            yield {**event, "phase": "opened" if event["end_s"] is None else "closed"}


@contextmanager
def _cluster() -> Iterator[Cluster]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found or find_spec("psycopg") is None:
        raise MissingError("PostgreSQL or psycopg is not installed")
    if os.geteuid() == 0 and subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode:
        raise MissingError("PostgreSQL does not run as root, and there is no user postgres")
    # A socket's name is short, and other users must get there.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = Cluster(found[-1].parent, folder)
    try:
        server.run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "--no-sync")
        server.control("start")
        yield server
    finally:
        server.control("-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def database_restarted(folder: Path, short: bool) -> Row:
    """Stop PostgreSQL at once while events are written, and start it anew after a while."""
    away_s, rounds = (3.0, 1) if short else (12.0, 3)
    with ExitStack() as stack:
        cluster = stack.enter_context(_cluster())
        cluster.run("createdb", "-h", str(cluster.folder), "-U", "postgres", "journal")
        address = f"postgresql://postgres@/journal?host={cluster.folder}"
        server = stack.enter_context(camera(folder))
        config = configure(folder, server.address, journal={"url": address})
        watch = stack.enter_context(watching(config, folder / "out"))
        for _ in range(rounds):
            count = len(watch.events())
            watch.wait("event", lambda count=count: len(watch.events()) > count)  # type: ignore[misc]
            cluster.control("-m", "immediate", "stop")
            time.sleep(away_s)
            cluster.control("start")
        count = len(watch.events(phase="closed"))
        watch.wait("event", lambda: len(watch.events(phase="closed")) > count)
        time.sleep(2.0)
        code = watch.stop()
        written = rows(folder / "out", events, address)
        said = {event["id"] for event in watch.said}
        kept = [row.id for row in written]
        still_open = sum(row.is_open for row in written)
        tracebacks = watch.count("Traceback")
    return judged(
        f"PostgreSQL is stopped at once while an event is open, for {away_s:g} s, {rounds} times",
        "watching goes on; every event is in the journal, once",
        f"{len(said)} events told, {len(kept)} in the journal, {len(said - set(kept))} lost, "
        f"{len(kept) - len(set(kept))} twice, {still_open} left open; {tracebacks} "
        f"tracebacks; exit code {code}",
        {
            "all are there": said == set(kept),
            "none twice": len(kept) == len(set(kept)),
            "all closed": not still_open,
            "no traceback": not tracebacks,
            "ended in order": code == 0,
        },
    )
