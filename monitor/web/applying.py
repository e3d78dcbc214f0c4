"""Has changed settings taken up by the program that watches, without a restart."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from monitor.live.statefile import known_statuses
from monitor.live.status import CameraState
from monitor.web.site import Site


def apply(site: Site) -> bool:
    """Take up the settings as they are on disk here, and ask those who watch on this machine to do so too.

    Returns whether there was one: where nobody watches, the next start reads them.
    """
    site.reload()
    now = site.clock.wall()
    known = [each for each in known_statuses(site.folder) if not each.is_stale(now)]
    asked = False
    for process_id in {each.process_id for each in known if each.status.state is not CameraState.STOPPED}:
        if not _is_ours(process_id):
            continue
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process_id, signal.SIGHUP)
            asked = True
    return asked


def _is_ours(process_id: int) -> bool:
    """Whether a process is one of this program: its number may be somebody else's after a crash."""
    try:
        return b"monitor" in Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return False
