"""A journal in the folder in which the program runs, for the tests of the commands over it."""

from pathlib import Path

from monitor.events.event import Kind
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.entries import Entry
from monitor.outputs.journal.journal import Journal
from tests.outputs.journal.given import closed_entry, entry, event, watched


def begin(*entries: Entry, folder: Path = Path("recordings")) -> Journal:
    """Return the journal of an output folder, open, with the entries in it."""
    journal = Journal.open(journal_url("", folder))
    journal.write(entries)
    return journal


def some_events() -> list[Entry]:
    """Three events after noon: motion with a clip, one that goes on, one of another camera."""
    return [
        closed_entry(0x5F3A0001, 10, clip="yard/clips/a.mp4"),
        entry(event(0x5F3B0002, 20)),
        entry(event(0x60000003, 30, 95, source="gate", kind=Kind.COVERED)),
        watched(0, 100),
    ]
