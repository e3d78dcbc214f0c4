"""The worst moment of each span, kept while a video or a live source is compared."""

from pathlib import Path

from monitor.comparing.judging import Judged
from monitor.comparing.page import Page
from monitor.comparing.results import write_pictures
from monitor.comparing.spans import Moment, badness
from monitor.outputs.text import time_code


class Peaks:
    """Shows the worst moment of each span on a page, with its pictures in `folder`; None writes none.

    Only the pictures of one moment are held at a time, and of the worst of all.
    """

    def __init__(self, folder: Path | None, names: tuple[str, str]) -> None:
        self.page = Page()
        self.worst: Moment | None = None
        self._folder = folder
        self._names = names
        self._peak: Moment | None = None

    def add(self, moment: Moment) -> None:
        """Take a moment; one without a span ends the span before."""
        if moment.is_peak:
            self._peak = moment
        if self.worst is None or _rank(moment.judged) > _rank(self.worst.judged):
            self.worst = moment

    def span_ended(self) -> None:
        """Write the worst moment of the span that went on until now."""
        moment, self._peak = self._peak, None
        if moment is None or self._folder is None:
            return
        name = time_code(max(moment.time_s, 0))
        write_pictures(self._folder / name.replace(":", "-"), moment.judged.found, self._names)
        self.page.add(moment.judged, self._names, f"at {name}")


def _rank(judged: Judged) -> tuple[bool, float]:
    return judged.different, badness(judged)
