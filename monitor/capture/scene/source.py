"""A generated scene as a source of frames."""

from collections.abc import Iterator
from typing import Self

from monitor.capture.scene.scene import Scene
from monitor.capture.source import Problems, SourceInfo
from monitor.errors import SourceError
from monitor.frames import Frame


class SceneSource:
    """A source that gives the pictures of a scene; each iteration starts anew."""

    def __init__(self, scene: Scene, *, name: str = "scene") -> None:
        self.scene = scene
        self.problems = Problems()
        self._name = name
        self._open = False

    @property
    def info(self) -> SourceInfo:
        """What is known of the scene: all but a wall time and a codec."""
        scene = self.scene
        return SourceInfo(self._name, scene.size, scene.rate_hz, scene.duration_s, scene.frame_count)

    def __enter__(self) -> Self:
        # The place is painted here, so that the first frame comes as fast as the others.
        _ = self.scene.stage
        self._open = True
        return self

    def __exit__(self, *unused: object) -> None:
        self._open = False

    def __iter__(self) -> Iterator[Frame]:
        if not self._open:
            raise SourceError(f"The source {self._name} is not open; use it in a with statement.")
        for picture in self.scene.pictures():
            yield Frame(picture.index, picture.time_s, picture.luma, picture.chroma, picture.bgr)
