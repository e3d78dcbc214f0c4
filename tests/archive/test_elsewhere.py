"""Results in real stores: whole before they count, found again by the next scan, cleared of what was left."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.archive.elsewhere import Elsewhere, into
from monitor.archive.engine import Archive, Verdict, Wanted
from monitor.archive.executor import Ended, Executor, J, Progress
from monitor.archive.manifest import Entry, State
from monitor.archive.task import Task
from monitor.archive.workers import executor_of
from monitor.capture.opening import Input, inputs_of
from monitor.errors import OutputError, SourceNotFoundError
from monitor.settings import load_settings
from monitor.storage.address import joined
from monitor.storage.store import Store
from tests.cli.recordings import record

pytest.importorskip("fsspec", reason="fsspec is not installed: pip install -e '.[cluster]'")
pytest_plugins = ("tests.storage.stores",)


class Listener:
    """Notes what became of each input."""

    def __init__(self) -> None:
        self.done_names: list[str] = []
        self.skipped_names: list[str] = []

    def heard(self, task: Task, progress: Progress) -> None: ...

    def same(self, item: Input, first: Input) -> None: ...

    def done(self, task: Task, entry: Entry) -> None:
        self.done_names.append(entry.name)

    def skipped(self, item: Input, entry: Entry, why: Verdict) -> None:
        self.skipped_names.append(entry.name)


class Here:
    """Does jobs in this process, one after the other."""

    size = 1

    def run(self, jobs: Iterator[J], heard: Callable[[J, Progress], None]) -> Iterator[Ended[J]]:
        for job in jobs:
            yield Ended(job, job.run(lambda progress: False))

    def stop(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("in") / "gate.mp4")


@pytest.fixture
def processes() -> Iterator[Executor]:
    with executor_of(None, 1, hang_s=100.0) as executor:
        yield executor


@pytest.fixture(params=["s3", "sftp"])  # what is only in this process's memory no other process can write to
def out(request: pytest.FixtureRequest) -> str:
    """The address for results, in one store of each kind after the other."""
    return joined(str(request.getfixturevalue(request.param)), "out")


def scan(source: str, out: str, executor: Executor) -> tuple[list[Entry], Listener]:
    listener = Listener()
    wanted = [Wanted(item) for item in inputs_of([source])]
    with Elsewhere(out) as elsewhere, elsewhere.manifest() as manifest:
        settings = into(load_settings(None, None, ["outputs.annotate=false"]), elsewhere.folder)
        archive = Archive(settings, manifest, threads=1)
        archive.scan(wanted, elsewhere.executor(executor), listener)
        return archive.results(wanted), listener


def names_below(address: str) -> list[str]:
    return sorted(entry.address[len(address) + 1 :] for entry in Store(address).files_below(address))


def test_a_scan_from_a_store_into_a_store_is_whole_and_remembered(
    recording: Path, out: str, processes: Executor
) -> None:
    source = joined(out.rpartition("/")[0], "in", "gate.mp4")
    Store(source).put(recording, source)
    ((entry,), listener) = scan(source, out, processes)
    assert listener.done_names == ["gate.mp4"]
    assert entry.state is State.DONE
    names = names_below(out)
    assert f"manifest/{entry.id}.json" in names
    assert not any(name.endswith(".unfinished") for name in names)
    events = Store(out).read(joined(out, str(entry.folder), "events.jsonl")).splitlines()
    (event,) = map(json.loads, events)
    assert event["files"]["clip"] in names
    assert event["files"]["snapshot"] in names
    _, again = scan(source, out, processes)
    assert again.skipped_names == ["gate.mp4"]
    assert names_below(out) == names


def test_the_same_recording_on_a_disk_is_known_again(recording: Path, out: str, processes: Executor) -> None:
    source = joined(out.rpartition("/")[0], "in", "other.mp4")
    Store(source).put(recording, source)
    scan(source, out, processes)
    _, listener = scan(str(recording), out, processes)
    assert listener.done_names == []


def test_what_a_killed_scan_left_is_removed_after_a_day_and_no_sooner(
    s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(s3)
    store.write(joined(s3, "gate-1234", ".unfinished"), b"another scan")
    store.write(joined(s3, "gate-1234", "events.jsonl"), b"")
    store.write(joined(s3, "notes", "mine.txt"), b"not of any scan")
    with Elsewhere(s3):
        pass
    assert "gate-1234/events.jsonl" in names_below(s3), "another scan may be at it"
    long_ago = datetime.now(UTC) - timedelta(days=2)
    monkeypatch.setattr(Store, "modified", lambda *_: long_ago)
    with Elsewhere(s3):
        pass
    assert names_below(s3) == ["notes/mine.txt"]


def test_results_of_a_scan_that_was_stopped_give_way_to_those_of_the_next(memory: str) -> None:
    store = Store(memory)
    stopped = Entry("1" * 32, "/gate.mp4", "gate.mp4", State.STOPPED, "f", folder="gate-1")
    store.write(joined(memory, "manifest", f"{stopped.id}.json"), stopped.to_line().encode())
    for folder in ("gate-1", "gate-2"):
        store.write(joined(memory, folder, "events.jsonl"), b"")
    with Elsewhere(memory) as elsewhere, elsewhere.manifest() as manifest:
        manifest.add(replace(stopped, state=State.DONE, folder="gate-2"))
        (entry,) = manifest.entries()
    assert entry.folder == "gate-2"
    assert [name for name in names_below(memory) if name.startswith("gate")] == ["gate-2/events.jsonl"]


def test_a_bucket_that_is_not_there_is_told_before_any_work(s3: str) -> None:
    with (
        pytest.raises(SourceNotFoundError, match="s3://no-such-bucket/out"),
        Elsewhere("s3://no-such-bucket/out"),
    ):
        pass


def test_results_that_cannot_be_put_do_not_count_and_say_why(
    recording: Path, memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(store: Store, local: Path, address: str) -> None:
        raise OutputError("the store is full")

    monkeypatch.setattr(Store, "put", refuse)
    ((entry,), _) = scan(str(recording), memory, Here())
    assert (entry.state, entry.error) == (State.STOPPED, "the store is full")
    assert [name for name in names_below(memory) if not name.startswith("manifest/")] == []


def test_only_records_are_copied_for_the_report_the_rest_is_known_to_be_there(memory: str) -> None:
    store = Store(memory)
    line = Entry("1" * 32, "/gate.mp4", "gate.mp4", State.DONE, "f", folder="gate-1").to_line()
    store.write(joined(memory, "manifest", f"{'1' * 32}.json"), line.encode())
    for name in ("events.jsonl", "clips/a.mp4"):
        store.write(joined(memory, "gate-1", name), b"content")
    with Elsewhere(memory) as elsewhere:
        assert (elsewhere.folder / "gate-1" / "events.jsonl").read_bytes() == b"content"
        assert (elsewhere.folder / "gate-1" / "clips" / "a.mp4").read_bytes() == b""
        (elsewhere.folder / "report.html").write_text("report")
        assert str(elsewhere.folder) != memory
    assert store.read(joined(memory, "report.html")) == b"report"
