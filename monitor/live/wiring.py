"""What the pictures and events of one camera are handed to, as its settings say."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from monitor import app
from monitor.capture.live.resting import Attention
from monitor.clock import Clock
from monitor.events.event import Event, Phase
from monitor.live.feed import LiveFeed, Noticed
from monitor.live.outputs import LiveOutputs
from monitor.live.quiet import Quiet
from monitor.live.sinks import CountSink, Either, Tap, TellSink
from monitor.live.spoken import SOCKET_NAME
from monitor.live.statefile import state_folder
from monitor.live.telling import Told
from monitor.live.walk import WalkSink
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.files import FileLedger
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.sink import JournalSink, Watch
from monitor.outputs.journal.worker import JournalWorker
from monitor.outputs.journal.writer import JournalWriter
from monitor.outputs.jsonl import EventLog, NearMissLog
from monitor.outputs.notice import Notice, NoticeKind
from monitor.outputs.overlay import ZoneOutline
from monitor.outputs.plugged import sink_makers
from monitor.outputs.recording.clips import ClipSpans, CodedClipSink
from monitor.outputs.recording.encoder import SOFTWARE, best_encoder
from monitor.outputs.recording.leftovers import settle_leftovers
from monitor.outputs.recording.moments import LiveSnapshotSink
from monitor.outputs.recording.names import DatedNames
from monitor.outputs.recording.parts import Parts
from monitor.outputs.recording.rawclips import EncodedParts, RawClipSink
from monitor.outputs.recording.segments import CodedSegmentSink, RawSegmentSink, Segments
from monitor.outputs.recording.timelapse import TimelapseSink
from monitor.outputs.recording.worker import Worker
from monitor.outputs.records import event_record
from monitor.outputs.scorestore import ScoreKeeper
from monitor.outputs.sink import Sink
from monitor.settings import Settings

_TITLES = {
    NoticeKind.RECORDING_STOPPED: "recording has stopped",
    NoticeKind.RECORDING_RESUMED: "recording has resumed",
    NoticeKind.PICTURES_LOST: "pictures are not recorded",
    NoticeKind.PRE_ROLL: "the pre-roll is not as set",
}


class Desk:
    """All that one camera is handed to; `tap` takes its coded pictures, `outputs` the rest.

    With `record` off nothing but events and coverage is kept. A `walk_test` is told of what is seen and keeps
    nothing at all: who walks to try a camera wants it neither in the journal nor in any count. Raises
    `UsageError` where the journal cannot ever be written, `OutputError` where nothing can be written at all.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        told: Told,
        clock: Clock,
        *,
        record: bool,
        walk_test: bool = False,
    ) -> None:
        self._name = name
        self._settings = settings
        self._told = told
        self._clock = clock
        self._is_test = walk_test
        self._folder = settings.outputs.folder
        self._privacy = app.privacy_of(settings)
        self._names = DatedNames(self._folder / name)
        self._ledger = FileLedger(self._folder)
        recording = settings.recording
        self.recording = "on" if record else "off"
        self.worker = Worker(name, clock, self._notify, max_bytes=recording.memory_mb * 1_000_000)
        self._guard = DiskGuard(
            self._folder, clock, self._notify, min_free_bytes=recording.min_free_mb * 1_000_000
        )
        self.journal = JournalWorker(
            JournalWriter(self._open_journal, self._folder, clock, settings.journal.node_name)
        )
        self.tap = Tap()
        self.quiet = Quiet(name, settings.motion.min_area_fraction)
        self._feed = LiveFeed(
            state_folder(self._folder, name) / SOCKET_NAME, _facts(settings), clock, self._privacy
        )
        self._recorded: list[Either] = []
        self.counts = CountSink()
        self.coverage = JournalSink(self.journal, name, self._ledger, clock)
        self.teller = TellSink(self._tell, self._ledger, clock, self._folder)
        self.outputs = LiveOutputs(
            dict(self._test_makers() if walk_test else self._makers(record=record)), clock
        )

    def start(self) -> None:
        """Begin to write; first of all what a crash left unfinished is settled."""
        if not self._is_test:
            self.journal.start()
        self.worker.start()
        self._feed.start()
        if self.recording != "off":
            self._settle()

    def tick(self) -> None:
        """Do what is due though no frame comes."""
        self.outputs.tick()

    def note_gap(self, why: str) -> None:
        """Note in the journal that the camera is blind at this moment."""
        if not self._is_test:
            self.coverage.coverage(Watch.BLIND, self._clock.wall(), why)

    @property
    def attention(self) -> Attention | None:
        """What says when pictures need not be decoded; None where they always are."""
        is_wished = self._settings.live.quiet_decoding == "auto" and not self._settings.plugins.take_frames
        return Noticed(self.quiet, self._feed) if is_wished and not self.needs_every_frame else None

    @property
    def needs_every_frame(self) -> bool:
        """Whether recordings are made of frames, so that those that are not analysed are needed too."""
        return any(either.needs_every_frame for either in self._recorded)

    def close(self) -> None:
        """Complete all files and end all threads; safe to call twice."""
        self.outputs.close()
        self.worker.close()
        self.journal.close()

    def _test_makers(self) -> "list[tuple[str, Callable[[], Sink]]]":
        seen = WalkSink(self._name, self._told.sight, self._clock)
        sinks: dict[str, Sink] = {"walk test": seen, "events": self.teller, "live pictures": self._feed}
        return [(name, _once(sink)) for name, sink in sinks.items()]

    def _makers(self, *, record: bool) -> "list[tuple[str, Callable[[], Sink]]]":
        # What holds pictures is made once: made anew it would have lost what it holds.
        settings, recording, own = self._settings, self._settings.recording, self._folder / self._name
        makers: list[tuple[str, Callable[[], Sink]]] = []
        if record and settings.clips.enabled:
            makers.append(("clips", _once(self._tapped(self._copied_clips(), self._encoded_clips))))
        if record and recording.continuous:
            copied = CodedSegmentSink(self._segments(), self.worker, self._clock)
            makers.append(("continuous recording", _once(self._tapped(copied, self._encoded_segments))))
        if record and recording.timelapse:
            makers.append(("timelapse", self._timelapse))
        if record and settings.outputs.snapshots:
            snapshots = LiveSnapshotSink(
                self._names.snapshot, self._guard, self.worker, self._ledger, privacy=self._privacy
            )
            makers.append(("snapshots", _once(snapshots)))
        if record and settings.retention.score_days > 0:
            makers.append(("scores", _once(self._scores(own))))
        makers += [
            ("events", lambda: EventLog(own / "events.jsonl", self._ledger, append=True)),
            ("near misses", lambda: NearMissLog(own / "near_misses.jsonl", append=True)),
            ("journal", _once(self.coverage)),
            ("alerts", _once(self.teller)),
            ("counts", _once(self.counts)),
            ("live pictures", _once(self._feed)),
            *sink_makers(settings, self._name).items(),
        ]
        if self.attention is not None:
            makers.append(("quiet decoding", _once(self.quiet)))
        return makers

    def _tapped(self, copying: CodedClipSink | CodedSegmentSink, encoding: Callable[[], Sink]) -> Sink:
        either = Either(copying, encoding, self._sends_coded())  # type: ignore[arg-type]
        self.tap.add(either.push)
        self._recorded.append(either)
        return either

    def _sends_coded(self) -> bool | None:
        """Return whether packets are copied; None where only the first picture can tell."""
        camera = self._settings.cameras[self._name]
        if self._privacy or self._settings.clips.mode == "encode":
            return False  # packets cannot be blackened
        if camera.kind_of_address == "plugin":
            return False
        return None if camera.kind_of_address in ("webcam", "device") else True

    def _spans(self) -> ClipSpans:
        clips = self._settings.clips
        return ClipSpans(clips.pre_roll_s, clips.post_roll_s, self._settings.recording.max_clip_s)

    def _copied_clips(self) -> CodedClipSink:
        def record(event: Event) -> Parts:
            return Parts(self._names.clip(event), self._guard)

        return CodedClipSink(record, self.worker, self._ledger, self._notify, self._spans())

    def _encoded_clips(self) -> RawClipSink:
        def record(event: Event) -> EncodedParts:
            return EncodedParts(Parts(self._names.clip(event), self._guard), self._encoder())

        height_px = self._settings.recording.encoded_height_px
        return RawClipSink(
            record, self.worker, self._ledger, self._spans(), max_height_px=height_px, privacy=self._privacy
        )

    def _segments(self) -> Segments:
        return Segments(self._names.segment, self._guard, self._settings.recording.segment_minutes * 60)

    def _encoded_segments(self) -> RawSegmentSink:
        return RawSegmentSink(
            self._segments(),
            self.worker,
            self._clock,
            encoder=self._encoder(),
            max_height_px=self._settings.recording.encoded_height_px,
            privacy=self._privacy,
        )

    def _scores(self, own: Path) -> ScoreKeeper:
        kept = self._settings.retention
        return ScoreKeeper(
            own,
            self.worker,
            self._guard.may_write,
            days=kept.score_days,
            most_bytes=kept.max_scores_mb * 1_000_000,
        )

    def _timelapse(self) -> TimelapseSink:
        recording = self._settings.recording
        return TimelapseSink(
            self._names.timelapse,
            self._guard,
            self.worker,
            self._clock,
            every_s=recording.timelapse_every_s,
            max_height_px=recording.encoded_height_px,
            privacy=self._privacy,
        )

    def _encoder(self) -> str:
        return best_encoder() if self._settings.recording.hardware_encoder else SOFTWARE

    def _open_journal(self) -> Journal:
        url = journal_url(self._settings.journal.url, self._folder)
        return Journal.open_or_renew(url, self._clock.wall())

    def _tell(self, phase: Phase, event: Event, picture: Path | None) -> None:
        self._told.event(phase, event_record(event, self._ledger.files(event.id)), picture)

    def _notify(self, notice: Notice) -> None:
        if notice.kind is NoticeKind.RECORDING_STOPPED:
            self.recording = notice.message
        elif notice.kind is NoticeKind.RECORDING_RESUMED:
            self.recording = "on"
            self._settle()
        self._told.notice(f"{self._name}: {_TITLES[notice.kind]}", notice.message, self._name)

    def _settle(self) -> None:
        self.worker.add(partial(settle_leftovers, self._folder / self._name))


def _facts(settings: Settings) -> dict[str, Any]:
    """Return what is told once to whoever looks: the limits, and the zones as polygons."""
    limits = app.judge_parameters(settings)
    zones = {
        name: {"role": zone.role, "points": ZoneOutline(name, zone.role, zone.points).polygon}
        for name, zone in settings.zones.items()
    }
    return {
        "limits": {
            "peak_sigma": limits.motion.k_sigma,
            "area_fraction": limits.motion.min_area_fraction,
            "kl_nats": limits.picture.kl_threshold_nats,
        },
        "zones": zones,
    }


def _once(sink: Sink) -> Callable[[], Sink]:
    return lambda: sink
