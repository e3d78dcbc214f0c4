"""`monitor scan` on recordings as they should be: what it writes, where, and under which names."""

import json
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.cli.process import run
from tests.cli.recordings import (
    ENTERS_S,
    HEIGHT,
    LEAVES_S,
    WIDTH,
    crossing,
    frame_count,
    record,
    write_pictures,
)

pytestmark = pytest.mark.usefixtures("here", "within")

BARE = (
    "--no-annotate",
    "--no-clips",
    "--set",
    "outputs.snapshots=false",
    "--set",
    "outputs.contact_sheet=false",
)
"""Records alone, for tests that look at nothing else."""

ONE_PASSING_S = 0.4
"""The square's edge is a few frames in view before it is large enough to be a region."""


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_one_crossing_is_one_event_at_its_time(crossing_video: Path) -> None:
    assert run("scan", crossing_video, *BARE).code == 0
    (event,) = records(Path("recordings/yard/events.jsonl"))
    assert event["kind"] == "motion"
    assert event["start_s"] == pytest.approx(ENTERS_S, abs=ONE_PASSING_S)
    assert event["end_s"] == pytest.approx(LEAVES_S, abs=ONE_PASSING_S)


def test_every_file_that_a_record_names_is_there(crossing_video: Path) -> None:
    run("scan", crossing_video, "--out", "found", "--scores", "found/scores.jsonl")
    (event,) = records(Path("found/yard/events.jsonl"))
    assert set(event["files"]) == {"clip", "annotated", "snapshot", "scores"}
    assert all(Path("found", name).stat().st_size > 0 for name in event["files"].values())


def test_an_input_gets_a_folder_with_all_its_results(crossing_video: Path) -> None:
    run("scan", crossing_video, "--out", "found")
    names = {re.sub(r"[\d.]+-", "", name) for name in files_below(Path("found"))}
    assert names == {
        ".lock",
        "manifest.jsonl",
        "report.csv",
        "report.html",
        "report.json",
        "yard/annotated.mp4",
        "yard/clips/motion.mp4",
        "yard/contact.jpg",
        "yard/events.csv",
        "yard/events.jsonl",
        "yard/near_misses.jsonl",
        "yard/snapshots/motion.jpg",
    }


def test_a_scan_with_other_settings_gets_a_folder_of_its_own(crossing_video: Path) -> None:
    run("scan", crossing_video, "--out", "found", *BARE)
    before = Path("found/yard/events.jsonl").read_bytes()
    run("scan", crossing_video, "--out", "found", *BARE, "--set", "motion.k_sigma=5", "--again")
    assert sorted(path.name for path in Path("found").glob("yard*")) == ["yard", "yard-2"]
    assert Path("found/yard/events.jsonl").read_bytes() == before


def test_the_same_recording_gives_the_same_records(crossing_video: Path) -> None:
    for number in range(2):
        run("scan", crossing_video, "--out", "found", "--scores", f"scores{number}.jsonl")
    first, second = (Path(f"found/{name}") for name in ("yard", "yard-2"))
    known = r'"id": "[^"]+"|yard-2/|yard/|scores\d'
    for name in ("events.jsonl", "near_misses.jsonl"):
        texts = [re.sub(known, "", (folder / name).read_text(encoding="utf-8")) for folder in (first, second)]
        assert texts[0] == texts[1]
    assert (first / "events.jsonl").read_text(encoding="utf-8")
    assert Path("scores0.jsonl").read_bytes() == Path("scores1.jsonl").read_bytes()


def test_half_the_frame_rate_gives_the_same_event_within_a_frame() -> None:
    record(Path("full.mp4"), crossing())
    write_pictures(Path("half"), crossing(rate_hz=12.5))
    run("scan", "full.mp4", "--out", "found", *BARE)
    run("scan", "half", "--set", "images.rate_hz=12.5", "--out", "found", *BARE)
    (full,), (half,) = (records(Path(f"found/{name}/events.jsonl")) for name in ("full", "half"))
    for key in ("start_s", "end_s"):
        assert half[key] == pytest.approx(full[key], abs=1 / 12.5 + 1e-6)


def test_the_annotated_video_has_every_frame(crossing_video: Path) -> None:
    run("scan", crossing_video, "--out", "found", "--no-clips")
    assert frame_count(Path("found/yard/annotated.mp4")) == frame_count(crossing_video)


def test_an_encoded_clip_is_exact_to_the_frame(crossing_video: Path) -> None:
    roll = ("--set", "clips.pre_roll_s=0.4", "--set", "clips.post_roll_s=0.4")
    run("scan", crossing_video, "--out", "found", "--no-annotate", "--clip-mode", "encode", *roll)
    (event,) = records(Path("found/yard/events.jsonl"))
    shown = event["end_frame"] - event["start_frame"] + 1 + 2 * 10  # 0.4 s at 25 Hz on each side
    assert frame_count(Path("found", event["files"]["clip"])) == shown


def test_records_go_to_standard_output_and_nothing_else_does(crossing_video: Path) -> None:
    result = run("scan", crossing_video, "--json", "-", *BARE)
    (line,) = result.out.splitlines()
    assert json.loads(line) == records(Path("recordings/yard/events.jsonl"))[0]
    assert "1 event" in result.err


def test_records_and_table_of_all_inputs_go_to_one_file(crossing_video: Path) -> None:
    run("scan", crossing_video, crossing_video.with_name("nothing.mp4"), "--json", "all.jsonl", *BARE)
    run("scan", crossing_video, "--csv", "all.csv", *BARE)
    assert len(records(Path("all.jsonl"))) == 1
    header, row = Path("all.csv").read_text(encoding="utf-8").splitlines()
    assert header.startswith("id,source,kind,start_s")
    assert ",yard.mp4,motion," in row


def test_each_of_several_inputs_has_scores_of_its_own(crossing_video: Path) -> None:
    write_pictures(Path("stills"), crossing()[:5])
    run("scan", crossing_video, "stills", "--scores", "scores.csv", *BARE)
    for source in (crossing_video, Path("stills")):
        run("scan", source, "--scores", f"{source.stem}.csv", *BARE)
        assert Path(f"scores-{source.stem}.csv").read_bytes() == Path(f"{source.stem}.csv").read_bytes()
    assert Path("yard.csv").stat().st_size > Path("stills.csv").stat().st_size > 0


def test_masks_of_a_video_are_numbered_and_as_large_as_its_pictures(crossing_video: Path) -> None:
    run("scan", crossing_video, "--masks", "masks", *BARE)
    assert sorted(path.name for path in Path("masks").iterdir()) == [f"{i:06d}.png" for i in range(150)]
    mask = cv2.imread("masks/000075.png", cv2.IMREAD_UNCHANGED)  # the square is in the middle
    assert mask is not None
    assert mask.shape == (HEIGHT, WIDTH)
    assert set(np.unique(mask)) == {0, 255}


def test_masks_of_images_are_named_after_them() -> None:
    write_pictures(Path("stills"), crossing()[:4], "view_{:03d}.jpg")
    run("scan", "stills", "--masks", "masks", *BARE)
    assert sorted(path.name for path in Path("masks").iterdir()) == [f"view_{i:03d}.png" for i in range(4)]


def test_masks_of_several_inputs_are_kept_apart() -> None:
    for name, number in (("a", 2), ("b", 70)):
        write_pictures(Path(name), crossing()[number : number + 2])
    run("scan", "a", "b", "--masks", "masks", *BARE)
    assert files_below(Path("masks")) == {f"{n}/view{i:02d}.png" for n in ("a", "b") for i in (0, 1)}


def test_outside_the_zone_nothing_counts(crossing_video: Path) -> None:
    run("scan", crossing_video, "--zone", "sky=0,0 1,0 1,0.2 0,0.2", *BARE)
    assert records(Path("recordings/yard/events.jsonl")) == []


def test_an_event_names_its_zone(crossing_video: Path) -> None:
    run("scan", crossing_video, "--zone", "path=0,0.3 1,0.3 1,1 0,1", *BARE)
    assert records(Path("recordings/yard/events.jsonl"))[0]["zones"] == ["path"]


def test_a_privacy_zone_is_black_in_everything_that_is_stored(crossing_video: Path) -> None:
    zone = "neighbour:privacy=0,0 0.3,0 0.3,1 0,1"
    run("scan", crossing_video, "--zone", zone, "--out", "found")
    (event,) = records(Path("found/yard/events.jsonl"))
    for kind in ("snapshot", "clip", "annotated"):
        picture = first_picture(Path("found", event["files"][kind]))
        hidden = picture[picture.shape[0] // 4 : picture.shape[0] // 2, : picture.shape[1] // 4]
        assert hidden.mean() < 3, kind  # black, but for what coding leaves of it
        assert picture[:, picture.shape[1] // 2 :].mean() > 30, kind


def first_picture(path: Path) -> np.ndarray[Any, Any]:
    if path.suffix == ".jpg":
        return np.asarray(cv2.imread(str(path)))
    import av

    with av.open(str(path)) as container:
        return next(container.decode(video=0)).to_ndarray(format="bgr24")
