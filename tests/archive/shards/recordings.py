"""Generated recordings of 40 s for scans in parts: each has something at or about its middle."""

from pathlib import Path

from monitor.capture.scene.actors import Walker
from monitor.capture.scene.camera import Covered, Turned
from monitor.capture.scene.encode import write_video
from monitor.capture.scene.light import Cloud, Lamp
from monitor.capture.scene.part import Part
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.sensor import Noise
from monitor.capture.scene.things import Thing
from monitor.capture.scene.weather import Leaves
from monitor.frames import Size

LASTS_S = 40.0
MIDDLE_S = 20.0
RATE_HZ = 10.0
SIZE = Size(192, 144)

_STANDS = ((-0.1, 0.86), (0.55, 0.86), (1.1, 0.86))

SCENES: dict[str, tuple[Part, ...]] = {
    "walkers before and after": (Walker(5.0, 9.0), Walker(28.0, 33.0)),
    "a walker at the seam": (Walker(17.0, 23.0),),
    "a stander over the seam": (Walker(6.0, 30.0, _STANDS, (9.0, 27.0)),),
    "a lamp at the seam": (Lamp(20.0, 34.0, x=0.45, y=0.05), Walker(27.0, 32.0)),
    "a cloud over the seam": (Cloud(16.0, 26.0, depth=0.4), Walker(30.0, 35.0)),
    "a thing left before": (Thing(0.3, 0.8, appears_s=10.0, size=0.5), Walker(29.0, 34.0)),
    "a thing left at the seam": (Thing(0.3, 0.8, appears_s=19.8, size=0.5), Walker(29.0, 34.0)),
    "covered over the seam": (Covered(9.0, 27.0), Walker(31.0, 36.0)),
    "turned in the warm-up": (Turned(13.0), Walker(27.0, 32.0)),
    "leaves": (Leaves(reach=0.014), Walker(18.0, 24.0)),
}
"""What happens in each, besides noise.

The things stand before a wall of another brightness: as fast as is learnt here, others melt into it within
seconds, and chance decides when.
"""


def record(name: str, folder: Path, duration_s: float = LASTS_S) -> Path:
    """Return the recording of a scene with a key frame every second; it is made once in a folder."""
    path = folder / f"{name.replace(' ', '-')}-{duration_s:g}.mp4"
    if path.exists():
        return path
    scene = Scene((*SCENES[name], Noise()), "yard", SIZE, RATE_HZ, duration_s)
    write_video(scene, path, options={"g": "10", "preset": "ultrafast"})
    return path
