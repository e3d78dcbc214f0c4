import numpy as np
import pytest

from monitor.capture.scene.actors import Walker
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.sensor import Noise
from monitor.capture.scene.source import SceneSource
from monitor.capture.source import Source
from monitor.errors import SourceError
from monitor.frames import Size
from tests.capture.contract import SourceContract


def scene() -> Scene:
    return Scene((Walker(-1.0, 3.0), Noise()), size=Size(96, 64), duration_s=0.4)


class TestSceneSource(SourceContract):
    @pytest.fixture
    def source(self) -> Source:
        return SceneSource(scene())


def test_info_tells_all_that_the_scene_states() -> None:
    with SceneSource(scene(), name="yard") as source:
        info = source.info
    assert (info.name, info.rate_hz, info.duration_s, info.frame_count) == ("yard", 25.0, 0.4, 10)


def test_frames_are_the_pictures_of_the_scene() -> None:
    with SceneSource(scene()) as source:
        frames = list(source)
    pictures = list(scene().pictures())
    assert len(frames) == len(pictures) == 10
    assert all(np.array_equal(f.luma, p.luma) for f, p in zip(frames, pictures, strict=True))


def test_a_source_that_is_not_open_gives_no_frames() -> None:
    with pytest.raises(SourceError, match="with statement"):
        next(iter(SceneSource(scene())))
