"""Where the journal is, and how long recordings are kept."""

import socket
from typing import Self
from urllib.parse import urlsplit

from pydantic import model_validator

from monitor.settings.declare import Section, key


class Journal(Section):
    """The record of events, coverage and waiting alerts."""

    url: str = key(
        "",
        "Where the journal is. Empty: journal.sqlite in the output folder. Several machines may share one in "
        "PostgreSQL; its password comes from PGPASSWORD or ~/.pgpass.",
        allowed="a file, or postgresql://USER@HOST/DATABASE",
    )
    node: str = key(
        "",
        "Name of this machine in a journal that several share; empty: its host name. "
        "Give one in containers, whose host names change.",
        max_length=100,
    )

    @property
    def node_name(self) -> str:
        """The name that was set, or that of the host."""
        return self.node or socket.gethostname()

    @model_validator(mode="after")
    def _without_password(self) -> Self:
        # Of the section, not of the key: the message about a key shows its value.
        try:
            has_password = "://" in self.url and urlsplit(self.url).password is not None
        except ValueError:
            raise ValueError("url cannot be read; give a file or postgresql://USER@HOST/DATABASE") from None
        if has_password:
            raise ValueError("url holds a password; leave it out and give it in PGPASSWORD or in ~/.pgpass")
        return self


class Retention(Section):
    """What is deleted when: the oldest first, what is kept or labelled last, and that never for its age."""

    max_age_days: float | None = key(
        None,
        "Age at which clips and pictures of events are deleted; null keeps them while there is room.",
        unit="days",
        gt=0.0,
        le=36_500.0,
    )
    segment_age_days: float | None = key(
        None,
        "Age at which continuous recording is deleted; null keeps it while there is room.",
        unit="days",
        gt=0.0,
        le=36_500.0,
    )
    max_camera_gb: float | None = key(
        None,
        "Room that the recordings of one camera may take; null is without limit.",
        unit="GB",
        gt=0.0,
        le=1_000_000.0,
    )
    score_days: float = key(
        7.0,
        "Time for which the scores of live cameras are kept: `monitor events explain --at` says by them why "
        "there was no event. 0 keeps none. A day takes 5 to 15 MB where little happens, 100 to 200 where "
        "something always moves.",
        unit="days",
        ge=0.0,
        le=366.0,
    )
    max_scores_mb: int = key(
        300,
        "Room that the scores of one camera may take; the oldest hours go first.",
        unit="MB",
        ge=1,
        le=1_000_000,
    )
    min_free_fraction: float = key(
        0.05,
        "Share of the disk that is kept free. Higher: recordings are deleted sooner.",
        unit="of the disk",
        ge=0.0,
        le=0.9,
    )
    min_free_gb: float = key(
        1.0,
        "Room that is kept free whatever its share: below, databases and systems begin to fail.",
        unit="GB",
        ge=0.0,
        le=1_000_000.0,
    )
