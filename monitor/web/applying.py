"""Has changed settings taken up by the program that watches, without a restart."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from monitor.live.statefile import known_statuses
from monitor.web.site import Site


def apply(site: Site) -> bool:
    """Take up the settings as they are on disk here, and ask those who watch on this machine to do so too.

    Returns whether there was one: where nobody watches, the next start reads them.
    """
    site.reload()
    now = site.clock.wall()
    # A camera that is started anew for the last change says "stopped" for a moment: its watch goes on.
    known = [each for each in known_statuses(site.folder) if not each.is_stale(now)]
    asked = False
    for process_id in {each.process_id for each in known}:
        if not _watches(process_id):
            continue
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process_id, signal.SIGHUP)
            asked = True
    return asked


def _watches(process_id: int) -> bool:
    """Whether a process is `monitor watch`: its number may be somebody else's by now."""
    try:
        words = Path(f"/proc/{process_id}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"watch" in words and any(b"monitor" in word for word in words)
