"""Questions asked so that none keeps the others from being answered: each in a thread, for a limited time."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.capture.live.redaction import redacted
from monitor.errors import MonitorError
from monitor.health.check import Check, State

LOCAL_S = 20.0
"""A slow card takes ten seconds for what is written to it."""

Answer = Check | Iterable[Check]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how long an answer may take. Those that are `remote` mostly wait: all at once."""

    name: str
    ask: Callable[[], Answer]
    limit_s: float = LOCAL_S
    remote: bool = False


def answers(questions: Sequence[Question]) -> Iterator[Check]:
    """Yield the answers in the order of the questions; one that fails or is late is a problem of its own."""
    remote = {id(question): _Asked(question) for question in questions if question.remote}
    for question in questions:
        asked = remote.get(id(question)) or _Asked(question)
        yield from asked.answer()


def problem(name: str, error: MonitorError) -> Check:
    """Return an error as a check: its sentences end in what is to be done."""
    found, _, step = redacted(str(error)).rstrip(".").rpartition("; ")
    if not found:
        return Check(name, State.PROBLEM, step, "correct what the settings say of it, and ask again")
    return Check(name, State.PROBLEM, found, step)


class _Asked:
    """A question that is being answered; a thread that hangs is left behind."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._until_s = time.monotonic() + question.limit_s
        self._checks: list[Check] = []
        self._thread = threading.Thread(target=self._run, name=f"ask {question.name}", daemon=True)
        self._thread.start()

    def answer(self) -> list[Check]:
        self._thread.join(max(self._until_s - time.monotonic(), 0.0))
        if self._thread.is_alive():
            step = "something hangs: look at its device or its network, and ask again"
            late = f"no answer within {self._question.limit_s:g} s"
            return [Check(self._question.name, State.PROBLEM, late, step)]
        return self._checks

    def _run(self) -> None:
        name = self._question.name
        try:
            answer = self._question.ask()
            self._checks = [answer] if isinstance(answer, Check) else list(answer)
        except MonitorError as error:
            self._checks = [problem(name, error)]
        except Exception as error:
            # One question that fails must not hide what the others would say.
            found = redacted(f"could not be asked: {type(error).__name__}: {error}")
            self._checks = [Check(name, State.PROBLEM, found, "please report this with the sentence above")]
