"""The files of an event on this machine's disk, found by its id and never by a path that somebody sends."""

from pathlib import Path

from fastapi import HTTPException

from monitor.outputs.journal.held import is_inside
from monitor.outputs.journal.queries import JournalEvent
from monitor.outputs.records import files_by_role
from monitor.web.site import Site

GONE = "This file is no longer on the disk: it was deleted for its age or for want of room, or by hand."


def stored_file(event: JournalEvent, role: str, site: Site) -> Path:
    """Return the file of an event; 404 where there is none, 409 where it is on another machine.

    The journal may be shared with others, so its paths are not trusted: what leads out of the output folder
    is not there.
    """
    named = files_by_role(event.record["files"]).get(role)
    if named is None:
        raise HTTPException(404, f"This event has no {role}.")
    if event.node != site.node:
        raise HTTPException(
            409, f"This was recorded by the machine {event.node}, and its files are there: open its page."
        )
    folder = site.folder.resolve()
    path = (folder / named).resolve()
    if not is_inside(named) or not path.is_relative_to(folder) or not path.is_file():
        raise HTTPException(404, GONE)
    return path
