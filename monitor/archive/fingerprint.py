"""Which settings a result was made with, as one short text."""

import hashlib
import json

from monitor.plugins import Group, required
from monitor.settings import Settings

ENGINE = 1
"""Version of what a scan measures, judges and writes. Grows when the same settings come to give other
results, so that results of before are known to be stale."""

DECIDING = ("motion", "zones", "clips", "images", "advanced")
"""The sections of the settings that decide what is found and how its files look. Which files are written
at all (`outputs`, `clips.enabled`) is asked of each result itself."""

TIMING = {"start_from", "name_patterns", "timezone"}
"""Of the section `archive`, what decides which times the records have."""

_FINGERPRINT_BYTES = 8


def fingerprint_of(settings: Settings, *, images: bool = False) -> str:
    """Return the fingerprint of all settings that change results; equal means that a result is up to date.

    `images` says that it is about a folder of images: their rate changes nothing about a video.
    """
    sections = set(DECIDING) if images else set(DECIDING) - {"images"}
    deciding = settings.model_dump(mode="json", include=sections, exclude={"clips": {"enabled"}})
    timing = settings.archive.model_dump(mode="json", include=TIMING)
    if not images and settings.archive.triage != "off":
        deciding["triage"] = settings.archive.triage
    if named := settings.plugins.detectors:
        deciding["detectors"] = {
            name: [str(required(Group.DETECTORS, name)), limits.model_dump(mode="json")]
            for name, limits in named.items()
        }
    text = json.dumps([ENGINE, deciding, timing], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=_FINGERPRINT_BYTES).hexdigest()
