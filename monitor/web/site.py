"""What the page stands on: the settings, the journal, the users and the clock."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from monitor.clock import Clock
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.journal import Journal
from monitor.settings import Settings
from monitor.web.accounts import Accounts


@dataclass(slots=True)
class Site:
    """What every route may ask for; made once, closed at the end. May be used from several threads.

    `load` reads the settings as they are now on disk, `config` is the file they come from, if one.
    `is_private` says that nobody but this machine reaches the page: only then is it open while there is no
    user.
    """

    settings: Settings
    load: Callable[[], Settings]
    clock: Clock
    accounts: Accounts
    is_private: bool
    config: Path | None = None
    _journal: Journal | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def folder(self) -> Path:
        """The output folder of this machine."""
        return self.settings.outputs.folder

    @property
    def node(self) -> str:
        """The name of this machine in the journal."""
        return self.settings.journal.node_name

    @property
    def journal(self) -> Journal:
        """The journal, opened when it is first asked for; raises `JournalError` while it is away."""
        with self._lock:
            if self._journal is None:
                self._journal = Journal.open(journal_url(self.settings.journal.url, self.folder))
            return self._journal

    def reload(self) -> None:
        """Take the settings as they are now on disk; raises `SettingsError` where they are wrong.

        What the page itself was started with, its address and the journal, stays until the next start.
        """
        self.settings = self.load()

    def close(self) -> None:
        """Close the journal; safe to call twice."""
        with self._lock:
            journal, self._journal = self._journal, None
        if journal is not None:
            journal.close()
