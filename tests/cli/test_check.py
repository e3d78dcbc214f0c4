"""`monitor check` compares journal and disk, repairs on request, and ends with the code that says which."""

import json
from pathlib import Path

import pytest

from tests.cli.journals import begin
from tests.cli.process import run
from tests.outputs.journal.given import closed_entry, entry, event

pytestmark = pytest.mark.usefixtures("here")

CLIP = "yard/clips/2025-11-21/12-00-00.000-motion.mp4"


def test_what_agrees_is_said_so() -> None:
    begin(closed_entry()).close()
    result = run("check")
    assert (result.code, result.out) == (0, "The journal and the disk agree.\n")


def test_what_is_found_is_told_and_changed_only_on_request() -> None:
    begin(closed_entry(1, clip=CLIP), entry(event(2, 5))).close()
    result = run("check")
    assert (result.code, result.out.splitlines()) == (
        1,
        [
            f"event left open: {event(2).id}: yard, motion: the program that wrote it has ended",
            f"missing file: {CLIP}: named by event 00000001",
            "2 found; `monitor check --repair` puts them in order and deletes nothing.",
        ],
    )
    mended = run("check", "--repair")
    assert mended.code == 0
    assert "  → closed at 2025-11-21T12:00:05.000Z, the last moment known\n" in mended.out
    assert "  → no event names it any more\n2 of 2 repaired.\n" in mended.out
    assert run("check").code == 0


def test_machines_get_each_finding_and_what_was_done() -> None:
    begin(closed_entry(clip=CLIP)).close()
    told = json.loads(run("check", "--json").out)
    finding = {
        "what": "missing file",
        "subject": CLIP,
        "why": "named by event 00000001",
        "events": [event().id],
        "repaired": None,
        "error": None,
    }
    assert told == {"ok": False, "findings": [finding]}
    told = json.loads(run("check", "--repair", "--json").out)
    assert told == {"ok": True, "findings": [finding | {"repaired": "no event names it any more"}]}


def test_a_damaged_journal_is_kept_aside_on_request() -> None:
    begin(closed_entry()).close()
    file = Path("recordings/journal.sqlite")
    file.write_bytes(b"no database" * 500)
    result = run("check")
    assert (result.code, result.out.startswith("damaged journal: recordings/journal.sqlite: ")) == (1, True)
    assert file.read_bytes() == b"no database" * 500
    mended = run("check", "--repair")
    assert (mended.code, "→ kept aside as recordings/journal.damaged-" in mended.out) == (0, True)
    (aside,) = Path("recordings").glob("journal.damaged-*.sqlite")
    assert aside.read_bytes() == b"no database" * 500
    assert run("check").code == 0


def test_another_output_folder_may_be_named() -> None:
    begin(closed_entry(clip=CLIP), folder=Path("elsewhere")).close()
    assert run("check", "--out", "elsewhere").code == 1


def test_a_missing_journal_is_wrong_use() -> None:
    result = run("check")
    assert (result.code, "recordings/journal.sqlite: there is no journal" in result.err) == (2, True)
