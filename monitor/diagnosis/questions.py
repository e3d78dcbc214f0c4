"""All that is asked, in the order in which it is shown."""

from collections.abc import Iterator

from monitor.diagnosis.asking import Question
from monitor.diagnosis.plugins import plugin_checks
from monitor.health.cameras import cameras_check
from monitor.health.check import Check, State
from monitor.health.disk import disk_check
from monitor.health.machine import clock_check, cores_check, memory_check, time_zone_check
from monitor.health.raspberry import raspberry_checks
from monitor.health.software import (
    extras_check,
    missing_library_sentence,
    opencv_check,
    packages_check,
    python_check,
)
from monitor.settings import Settings

_CODECS_S = 60.0
"""Seven codecs are loaded and tried; a Raspberry Pi Zero takes its time."""


def questions(settings: Settings) -> list[Question]:
    """Return the questions: of the software, of the machine, and of what the settings name."""
    zone = settings.alerts.timezone
    return [
        Question("Python", python_check),
        Question("packages", packages_check),
        Question("extras", extras_check),
        Question("OpenCV", opencv_check),
        Question("codecs", _codecs, _CODECS_S),
        Question("H.264 hardware", _hardware_encoder),
        Question("cores", cores_check),
        Question("memory", memory_check),
        Question("processor", raspberry_checks),
        Question("output folder", lambda: disk_check(settings.outputs.folder), 60.0),
        Question("cameras", cameras_check),
        Question("clock", clock_check),
        Question("time zone", lambda: time_zone_check(zone)),
        Question("journal", lambda: _journal(settings)),
        Question("plug-ins", plugin_checks),
        *_of_settings(settings),
    ]


def _codecs() -> Iterator[Check]:
    try:
        from monitor.capture.codecs import codec_checks
    except ImportError as error:
        step = missing_library_sentence(error) or "pip install --force-reinstall av"
        yield Check("PyAV", State.PROBLEM, str(error), step)
        return
    yield from codec_checks()


def _hardware_encoder() -> Check:
    from monitor.outputs.recording.encoder import SOFTWARE, best_encoder

    name = best_encoder()
    if name == SOFTWARE:
        found = "none works here; webcams are recorded in software, network cameras without encoding"
        return Check("H.264 hardware", State.OK, found)
    return Check("H.264 hardware", State.OK, f"{name} works")


def _journal(settings: Settings) -> Check:
    from monitor.diagnosis.journal import journal_check

    return journal_check(settings)


def _of_settings(settings: Settings) -> Iterator[Question]:
    if settings.cameras:
        from monitor.diagnosis.cameras import camera_questions

        yield from camera_questions(settings)
    from monitor.diagnosis.channels import channel_questions

    yield from channel_questions(settings)
