"""Wires settings into a running program; the only place that does."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import monitor.capture.live.opened  # noqa: F401  (first: PyAV before OpenCV, see `crashes_on_screens`)
from monitor.analysis.analyser import Analyser
from monitor.analysis.foreground import ModelParameters
from monitor.analysis.parameters import Parameters
from monitor.analysis.watched import Role, Zone
from monitor.capture.images import ImageFolderSource
from monitor.capture.opening import Input
from monitor.capture.preview import key_frames, spread_frames
from monitor.capture.source import Source
from monitor.detectors import Detectors
from monitor.events.judge import Judge
from monitor.events.parameters import DetectorLimits, JudgeParameters, MotionParameters, PictureParameters
from monitor.outputs.annotate import AnnotateSink
from monitor.outputs.clip import ClipSink
from monitor.outputs.contact import ContactSheet
from monitor.outputs.files import FileLedger
from monitor.outputs.frameclip import FrameClipSink
from monitor.outputs.jsonl import EventLog, NearMissLog
from monitor.outputs.layout import Layout
from monitor.outputs.masks import MaskSink
from monitor.outputs.overlay import ZoneOutline
from monitor.outputs.plugged import sink_makers
from monitor.outputs.privacy import Polygon
from monitor.outputs.scorefile import ScoreFile
from monitor.outputs.sink import Sink
from monitor.outputs.snapshot import SnapshotSink
from monitor.outputs.table import EventTable
from monitor.pipeline import Pace
from monitor.settings import Settings

_FEWEST_KEY_FRAMES = 8
"""Fewer key frames than this make no median; the first part of the recording is then decoded in full."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What is to be written of one input besides what the settings say; None is not wanted.

    `scores` is a file, `masks` a folder.
    """

    scores: Path | None = None
    masks: Path | None = None


def analyser_of(settings: Settings) -> Analyser:
    """Return an analyser with these settings."""
    return Analyser(analysis_parameters(settings))


def analysis_parameters(settings: Settings) -> Parameters:
    """Return what the settings say of measuring."""
    deep = settings.advanced
    model = ModelParameters(
        k_sigma=settings.motion.k_sigma,
        background_s=deep.background.learning_s,
        foreground_slowdown=deep.background.foreground_slowdown,
        luma_floor=deep.background.luma_floor,
        chroma_floor=deep.background.chroma_floor,
        shadows=deep.shadow.enabled,
        light=deep.light.compensate,
    )
    return Parameters(
        model=model,
        max_height_px=deep.analysis.max_height_px,
        warm_up_s=deep.background.warm_up_s,
        min_region_fraction=deep.regions.min_region_fraction,
        learn_interval_s=deep.background.learn_interval_s,
        kl_threshold_nats=deep.histogram.kl_threshold_nats,
        settle_s=deep.histogram.settle_s,
        most_corners=deep.flow.most_corners,
        ghost_s=deep.background.ghost_s,
        absorb_s=deep.background.absorb_s,
        zones=_zones(settings),
    )


def judge_of(settings: Settings, source: str) -> Judge:
    """Return a judge of the source of this name; its events get random ids."""
    return Judge(judge_parameters(settings), source, _random_id)


def _random_id() -> str:
    return str(uuid.uuid4())


def judge_parameters(settings: Settings) -> JudgeParameters:
    """Return the limits of the judge."""
    motion, deep = settings.motion, settings.advanced
    return JudgeParameters(
        MotionParameters(
            k_sigma=motion.k_sigma,
            min_area_fraction=motion.min_area_fraction,
            max_area_fraction=motion.max_area_fraction,
            min_duration_s=motion.min_duration_s,
            min_displacement_fraction=motion.min_displacement_fraction,
            min_coherence=deep.regions.min_coherence,
            max_speed_per_s=deep.regions.max_speed_per_s,
            event_gap_s=motion.event_gap_s,
            exit_gap_s=min(deep.regions.exit_gap_s, motion.event_gap_s),
            rest_s=deep.regions.rest_s,
            sensitivities={name: zone.sensitivity for name, zone in settings.zones.items()},
        ),
        PictureParameters(
            kl_threshold_nats=deep.histogram.kl_threshold_nats,
            light_ratio=deep.light.change_ratio,
            covered_s=deep.integrity.covered_s,
            defocused_s=deep.integrity.defocused_s,
            frozen_s=deep.integrity.frozen_s,
            moved_fraction=deep.integrity.moved_fraction,
            left_s=deep.regions.left_s,
            removed_s=deep.regions.removed_s,
        ),
        tuple(
            DetectorLimits(
                name,
                open_at=limits.open_at,
                close_at=limits.open_at if limits.close_at is None else limits.close_at,
                open_after_s=limits.open_after_s,
                close_after_s=limits.close_after_s,
            )
            for name, limits in settings.plugins.detectors.items()
        ),
    )


def detectors_of(settings: Settings) -> Detectors | None:
    """Return the detectors of one source, None without any; raises `UsageError` for a missing one."""
    named = settings.plugins.detectors
    return Detectors(tuple(named)) if named else None


def pace_of(settings: Settings, *, every_frame: bool = False) -> Pace:
    """Return which frames are analysed: at most the settings' rate, or all."""
    return Pace(None if every_frame else settings.advanced.analysis.max_rate_hz, eases=not every_frame)


_ENOUGH = 0.8
"""Unreferenced pictures are left out while this share of the settings' rate remains: of 25 a second every
second one is analysed in any case, which is 12.5 of 15."""


def enough_hz(settings: Settings, item: Input, extras: Extras) -> float | None:
    """Return how many pictures a second suffice; None where an output is made of every one."""
    if extras.masks is not None or settings.outputs.annotate or not item.is_coded:
        return None
    return _ENOUGH * settings.advanced.analysis.max_rate_hz


def look_ahead(analyser: Analyser, item: Input, settings: Settings, begin_s: float = 0.0) -> None:
    """Start the model from what a recording shows before `begin_s`, at 0 from its first part.

    By its key frames, where it has enough. What an installed package reads may be read once only.
    """
    if item.is_plugged:
        return
    span_s = settings.advanced.analysis.look_ahead_s
    if span_s > 0 and not analyser.prime(key_frames(item, span_s, begin_s), _FEWEST_KEY_FRAMES):
        analyser.prime(spread_frames(item, span_s, settings.images.rate_hz, begin_s))


def privacy_of(settings: Settings) -> list[Polygon]:
    """Return the polygons that are black in all that is stored."""
    zones = settings.zones.items()
    return [ZoneOutline(name, z.role, z.points).polygon for name, z in zones if z.role == "privacy"]


def sinks_of(
    settings: Settings, item: Input, source: Source, layout: Layout, ledger: FileLedger, extras: Extras
) -> dict[str, Sink]:
    """Return the outputs of one input by name, those that write files before those that name them."""
    outlines = [ZoneOutline(name, zone.role, zone.points) for name, zone in settings.zones.items()]
    privacy = privacy_of(settings)
    sinks: dict[str, Sink] = {}
    if extras.masks is not None:
        sinks["masks"] = MaskSink(_mask_names(extras.masks, source))
    if settings.clips.enabled:
        sinks["clips"] = _clips(settings, item, layout, ledger, privacy)
    if settings.outputs.snapshots or settings.outputs.contact_sheet:
        sheet = ContactSheet(layout.contact) if settings.outputs.contact_sheet else None
        names = layout.snapshot if settings.outputs.snapshots else None
        sinks["snapshots"] = SnapshotSink(names, ledger, sheet=sheet, privacy=privacy)
    if settings.outputs.annotate:
        k, kl = settings.motion.k_sigma, settings.advanced.histogram.kl_threshold_nats
        sinks["annotated video"] = AnnotateSink(
            layout.annotated, ledger, k_sigma=k, kl_nats=kl, zones=outlines
        )
    if extras.scores is not None:
        sinks["scores"] = ScoreFile(extras.scores, ledger)
    sinks["events"] = EventLog(layout.events, ledger)
    sinks["event table"] = EventTable(layout.table, ledger)
    sinks["near misses"] = NearMissLog(layout.near_misses)
    return sinks | {name: make() for name, make in sink_makers(settings, item.name).items()}


def _clips(
    settings: Settings,
    item: Input,
    layout: Layout,
    ledger: FileLedger,
    privacy: Sequence[Polygon],
) -> Sink:
    clips = settings.clips
    if not item.is_coded:
        return FrameClipSink(
            layout.clip,
            ledger,
            pre_roll_s=clips.pre_roll_s,
            post_roll_s=clips.post_roll_s,
            privacy=privacy,
        )
    return ClipSink(
        item.address,
        layout.clip,
        ledger,
        mode=clips.mode,
        pre_roll_s=clips.pre_roll_s,
        post_roll_s=clips.post_roll_s,
        privacy=privacy,
    )


def _mask_names(folder: Path, source: Source) -> Callable[[int], Path]:
    """Return the name of a frame's mask: the picture's own stem, or the index in six digits."""
    if isinstance(source, ImageFolderSource):
        return lambda index: folder / f"{source.stem_of(index)}.png"
    return lambda index: folder / f"{index:06d}.png"


def _zones(settings: Settings) -> tuple[Zone, ...]:
    return tuple(
        Zone(name, Role(zone.role), zone.points, zone.sensitivity) for name, zone in settings.zones.items()
    )
