"""What is judged again is what a scan with the same settings tells."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import app
from monitor.analysis.scores import Scores, State
from monitor.capture.opening import Input
from monitor.capture.scene.encode import write_video
from monitor.capture.scene.library import SCENES
from monitor.events.judge import Judge
from monitor.frames import Size
from monitor.outputs.files import EventFiles
from monitor.outputs.records import event_record
from monitor.scanning import scan
from monitor.settings import Settings
from monitor.settings.motion import Zone
from monitor.settings.values import with_values
from monitor.tuning.labels import Happening
from monitor.tuning.replay import Rejudged, Replay, rejudge
from monitor.tuning.scored import Scored, measuring_key
from monitor.tuning.scoring import score
from tests.events.given import HIDDEN, during, stream, traveller
from tests.tuning.given import scored_of, told_in_full, walker, without_ids, yard

LEAN: dict[str, Any] = {
    "outputs.annotate": False,
    "outputs.snapshots": False,
    "outputs.contact_sheet": False,
    "clips.enabled": False,
}
"""Nothing but the events is written."""

OTHERS: tuple[dict[str, Any], ...] = (
    {},
    {"motion.min_area_fraction": 0.008, "motion.min_duration_s": 1.0},
    {"motion.min_displacement_fraction": 0.9},
    {"motion.min_area_fraction": 0.0003, "advanced.regions.min_coherence": 0.1},
    {"advanced.integrity.covered_s": 5.0, "advanced.regions.left_s": 2.0, "motion.event_gap_s": 0.5},
)
"""Settings that the judge reads, and with which these scenes come to different events."""


SIZE = Size(256, 144)

_LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
ZONES = {"gate": Zone(points=_LEFT, sensitivity=2.0), "dull": Zone(points=_LEFT, sensitivity=0.5)}
"""One in which smaller things count, and one in which only larger ones do."""

DISTURBED: list[dict[str, Any]] = [
    HIDDEN,
    {"gain": 1.5},
    {"gain": 1.08},
    {"corrupt": True, "kl_previous_nats": 0.9},
    {"accepted": True, "kl_previous_nats": 0.4},
    {"state": State.RELEARNING},
    {"foreground_fraction": 0.6},
    {"camera_move": (0.03, 0.0), "structure": 0.4},
]
"""What the whole picture may do."""


LASTS_S = {"walker_in_rain": 12.0, "covered": 12.0, "object_left": 15.0}
"""Until what happens in each is over."""


@pytest.fixture(scope="module", params=LASTS_S)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """Return a generated scene as it is measured once; its file's name leads to the file."""
    path = tmp_path_factory.mktemp("scene") / f"{request.param}.mp4"
    short = replace(SCENES[request.param](), rate_hz=10.0, size=SIZE, duration_s=LASTS_S[request.param])
    write_video(short, path, options={"preset": "ultrafast"})
    return replace(score(Input(str(path)), with_values(Settings(), LEAN)), name=str(path))


def _records(found: Rejudged) -> list[dict[str, Any]]:
    records = [{**event_record(event, EventFiles())} for event in found.events]
    return [_bare(record) for record in records]


def _bare(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in ("id", "files", "source")}


def _scanned(path: Path, chosen: Settings, out: Path) -> list[dict[str, Any]]:
    outputs = chosen.outputs.model_copy(update={"folder": out})
    outcome = scan(
        Input(str(path)), chosen.model_copy(update={"outputs": outputs}), app.Extras(), lambda _: False
    )
    assert outcome.error is None
    assert outcome.folder is not None
    lines = (outcome.folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [_bare(json.loads(line)) for line in lines]


def test_what_is_judged_again_is_what_a_scan_tells(scene: Scored, tmp_path: Path) -> None:
    told = []
    for values in OTHERS[2:]:
        chosen = with_values(Settings(), LEAN | values)
        scored, again = scene, rejudge(scene, chosen)
        if not again.is_exact:  # a scan would look at other frames
            scored = replace(score(Input(scene.name), chosen), name=scene.name)
            again = rejudge(scored, chosen)
        assert again.is_exact
        assert _records(again) == _scanned(Path(scene.name), chosen, tmp_path)
        assert Replay(scored).told(chosen).events == tuple(map(Happening.of, again.events))
        told.append(_records(again))
    assert any(one != told[0] for one in told)  # the settings do make a difference


def test_all_frames_of_a_busy_recording_give_the_same_as_those_that_are_picked() -> None:
    scored = yard(walkers_s=[5, 40, 41, 42, 90], cats_s=[20, 43, 60])
    for values in OTHERS:
        chosen = with_values(Settings(), values)
        again = rejudge(scored, chosen)
        assert (without_ids(again.events), list(again.near_misses)) == told_in_full(scored, chosen)


@st.composite
def _streams(draw: st.DrawFn) -> list[Scores]:
    """Return scores in which tracks, light, damage and a hidden lens come at any time, in any order."""
    rate_hz = draw(st.sampled_from([4.0, 10.0]))
    actors = [
        traveller(
            start_s := draw(st.floats(0, 20)),
            start_s + draw(st.floats(0.2, 8)),
            number=number + 1,
            speed_per_s=draw(st.sampled_from([0.0, 0.02, 0.1, 1.5])),
            area_fraction=draw(st.sampled_from([0.0004, 0.0015, 0.02])),
            coherence=draw(st.sampled_from([0.2, 0.9, None])),
            leaves=draw(st.booleans()),
            stops_s=start_s + draw(st.sampled_from([1.0, 100.0])),
            outline_ratio=draw(st.sampled_from([0.2, 0.8, None])),
            see_through=draw(st.sampled_from([0.3, 0.9, None])),
            zones=draw(st.sampled_from([(), (("gate", 0.6),), (("dull", 0.6),)])),
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    pictures = [
        during(start_s := draw(st.floats(0, 20)), start_s + draw(st.floats(0.1, 6)), **fields)
        for fields in draw(st.lists(st.sampled_from(DISTURBED), max_size=3))
    ]

    def picture(time_s: float) -> dict[str, Any]:
        return {name: value for one in pictures for name, value in one(time_s).items()}

    return stream(30.0, *actors, rate_hz=rate_hz, picture=picture)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(scores=_streams(), values=st.sampled_from(OTHERS))
def test_frames_that_are_passed_over_change_nothing(scores: list[Scores], values: dict[str, Any]) -> None:
    scored, chosen = scored_of(scores), with_values(Settings(zones=ZONES), values)
    again = rejudge(scored, chosen)
    ended = sorted(without_ids(again.events), key=repr)
    events, misses = told_in_full(scored, chosen)
    assert (ended, list(again.near_misses)) == (sorted(events, key=repr), misses)
    quick = Replay(scored).told(chosen)
    assert sorted(quick.events, key=repr) == sorted(map(Happening.of, events), key=repr)
    assert quick.is_exact == again.is_exact


def test_a_quiet_recording_is_hardly_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    scored = scored_of(stream(300.0, walker(150.0, 1), rate_hz=10))
    replay, looks = Replay(scored), 0
    judged = Judge.update

    def counted(judge: Judge, scores: Scores) -> Any:
        nonlocal looks
        looks += 1
        return judged(judge, scores)

    monkeypatch.setattr(Judge, "update", counted)
    assert len(replay.judge(Settings()).events) == 1
    assert looks < len(scored.scores) / 20


def test_other_looks_than_a_scan_would_have_taken_are_told() -> None:
    crowd = [walker(5.0, number) for number in range(1, 5)]
    scored = scored_of(stream(20.0, *crowd, rate_hz=10))
    assert rejudge(scored, Settings()).is_exact
    # People of one per cent are plain no more where two are asked for: a scan would look at every frame.
    assert not rejudge(scored, with_values(Settings(), {"motion.min_area_fraction": 0.006})).is_exact


def test_what_the_judge_alone_reads_needs_no_new_measuring() -> None:
    item, usual = Input("yard.mp4"), measuring_key(Settings(), Input("yard.mp4"))
    for values in OTHERS:
        assert measuring_key(with_values(Settings(), values), item) == usual
    for key, value in (("motion.k_sigma", 5.0), ("advanced.analysis.max_height_px", 150)):
        assert measuring_key(with_values(Settings(), {key: value}), item) != usual
