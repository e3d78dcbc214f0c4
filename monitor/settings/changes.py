"""Sections whose keys may be given once more for a part: what is left out stays as it is for all."""

from copy import copy
from typing import TYPE_CHECKING, Any, Optional, TypeVar

from pydantic import create_model

from monitor.settings.declare import Section
from monitor.settings.motion import Motion
from monitor.settings.recording import Recording

S = TypeVar("S", bound=Section)


class Changes(Section):
    """Some keys of a section; null leaves a key as it is for all."""

    def over(self, common: Section) -> dict[str, Any]:
        """Return the values of the common section with these above them."""
        own = {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}
        return {name: getattr(common, name) for name in type(common).model_fields} | own


def changes_of(section: type[Section]) -> type[Changes]:
    """Return the section with every key optional, with the same meanings, ranges and units."""
    fields: dict[str, Any] = {}
    for name, field in section.model_fields.items():
        own = copy(field)
        own.default = None
        fields[name] = (Optional[field.annotation], own)  # noqa: UP045
    doc = f"What differs for this camera in `{section.__name__.lower()}`; null is as for all."
    return create_model(f"{section.__name__}Changes", __base__=Changes, __doc__=doc, **fields)


if TYPE_CHECKING:
    MotionChanges = Changes
    RecordingChanges = Changes
else:
    MotionChanges = changes_of(Motion)
    RecordingChanges = changes_of(Recording)
