"""`monitor scan` with Dask's workers, and into a store."""

from pathlib import Path

import pytest

from monitor.storage.address import joined
from monitor.storage.store import Store
from tests.cli.process import run, spawn
from tests.cli.recordings import record

pytest.importorskip("distributed", reason="Dask is not installed: pip install -e '.[cluster]'")
pytest_plugins = ("tests.storage.stores",)


def test_workers_of_its_own_scan_from_a_store_into_a_store(tmp_path: Path, s3: str) -> None:
    source, out = joined(s3, "in"), joined(s3, "out")
    Store(s3).put(record(tmp_path / "gate.mp4"), joined(source, "gate.mp4"))
    done = spawn("scan", source, "--out", out, "--no-annotate", "--scheduler", "local", "--jobs", "1")
    assert done.code == 0
    assert f"→ {out}/gate-" in done.err
    clips = [entry.address for entry in Store(out).files_below(out) if entry.address.endswith(".mp4")]
    assert len(clips) == 1
    assert "Traceback" not in done.err
    assert "distributed" not in done.err


def test_a_scheduler_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    done = run("scan", record(tmp_path / "gate.mp4"), "--out", tmp_path / "out", "--scheduler", "host:8786")
    assert done.code == 2
    assert "give tcp://host:8786, tls://host:8786, or local" in done.said


def test_scores_have_no_place_in_a_store(tmp_path: Path, s3: str) -> None:
    done = run("scan", tmp_path / "gate.mp4", "--out", s3, "--scores", tmp_path / "scores.csv")
    assert done.code == 2
    assert "give a folder to --out" in done.said
