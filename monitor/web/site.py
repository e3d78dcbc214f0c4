"""What the page stands on: the settings, the journal, the users and the clock."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from monitor.alerts.outbox import StoredAlert
from monitor.clock import Clock
from monitor.outputs.journal.address import Place, journal_url, outbox_url
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.outbox import JournalOutbox
from monitor.settings import Settings
from monitor.web.accounts import Accounts
from monitor.web.audit import Audit
from monitor.web.shares import Shares


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
    shares: Shares = field(init=False)
    audit: Audit = field(init=False)
    _journals: dict[Place, Journal] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.shares = Shares(self.accounts.file, self.clock)
        self.audit = Audit(self.accounts.file, self.clock)

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
        return self._opened(journal_url(self.settings.journal.url, self.folder))

    @property
    def outbox(self) -> JournalOutbox[StoredAlert]:
        """The alerts of this machine; raises `JournalError`."""
        url = outbox_url(self.settings.journal.url, self.folder)
        return JournalOutbox(self._opened(url), self.node, StoredAlert)

    def reload(self) -> None:
        """Take the settings as they are now on disk; raises `SettingsError` where they are wrong.

        What the page itself was started with, its address and the journal, stays until the next start.
        """
        self.settings = self.load()

    def close(self) -> None:
        """Close all journals; safe to call twice."""
        with self._lock:
            journals, self._journals = self._journals, {}
        for journal in journals.values():
            journal.close()

    def _opened(self, url: Place) -> Journal:
        with self._lock:
            if url not in self._journals:
                self._journals[url] = Journal.open(url)
            return self._journals[url]
