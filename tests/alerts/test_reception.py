"""Events are taken at once, whatever the disk does."""

import threading

import pytest

from monitor.alerts import reception as module
from monitor.alerts.memory import MemoryStore
from monitor.alerts.outbox import StoredAlert
from monitor.alerts.reception import Reception
from monitor.clock import SystemClock
from monitor.events.event import Phase
from tests.alerts.given import LONGEST_WAIT_S, Fake, alerts_with, record


class Slow(MemoryStore):
    """A disk that hangs until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def add(self, message: StoredAlert) -> bool:
        self.gate.wait(LONGEST_WAIT_S)
        return super().add(message)


def test_a_disk_that_hangs_holds_nobody_up_and_costs_no_alert() -> None:
    phone, store = Fake(), Slow()
    reception = Reception(alerts_with(phone, store=store, clock=SystemClock())[0])
    reception.start()
    for number in range(10):
        reception.take(Phase.OPENED, record(number))
    reception.notice("Disk slow", "It hangs.")
    assert store.waiting() == 0  # the disk has taken nothing yet
    store.gate.set()
    reception.close()
    assert phone.told[:10] == [f"e{number}:opened" for number in range(10)]
    assert phone.got[10].kind == "notice"


def test_closing_takes_what_was_handed_over_and_may_be_done_twice() -> None:
    phone = Fake()
    reception = Reception(alerts_with(phone)[0])
    reception.start()
    reception.take(Phase.OPENED, record(1))
    reception.close()
    reception.close()
    assert phone.told == ["e1:opened"]


@pytest.mark.logs_errors
def test_what_does_not_fit_is_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    store = Slow()
    reception = Reception(alerts_with(Fake(), store=store, clock=SystemClock())[0])
    reception.start()
    for number in range(10):
        reception.take(Phase.OPENED, record(number))
    store.gate.set()
    reception.close()
    assert "an alert is lost: 2 wait for the disk already" in caplog.text


@pytest.mark.logs_errors
def test_an_event_with_a_fault_does_not_silence_the_next(caplog: pytest.LogCaptureFixture) -> None:
    phone = Fake()
    reception = Reception(alerts_with(phone)[0])
    reception.start()
    reception.take(Phase.OPENED, {"id": "broken"})
    reception.take(Phase.OPENED, record(1))
    reception.close()
    assert phone.told == ["e1:opened"]
    assert "Traceback" in caplog.text
