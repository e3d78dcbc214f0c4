"""Generated pictures of which the truth is known: a textured place, noise, things that move over it."""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.analyser import Analyser
from monitor.analysis.parameters import Parameters
from monitor.analysis.preprocess import Planes, planes_of
from monitor.analysis.scores import Scores
from monitor.app import analysis_parameters
from monitor.frames import Bgr, Chroma, Frame, Plane, Size
from monitor.settings import Settings

RATE_HZ = 25.0
SIZE = Size(160, 120)

Image = NDArray[np.float32]
"""float32 (h, w), grey levels."""


def usual_parameters() -> Parameters:
    """Return what the settings say that everybody has."""
    return analysis_parameters(Settings())


def texture(
    size: Size = SIZE, *, mean: float = 100.0, contrast: float = 30.0, grain_px: float = 2.5, seed: int = 1
) -> Image:
    """Return a place with edges in all directions: blurred noise of the given mean and deviation."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((size.height, size.width)).astype(np.float32)
    smooth = np.asarray(cv2.GaussianBlur(noise, (0, 0), grain_px), dtype=np.float32)
    smooth -= smooth.mean()
    return np.asarray(smooth * (contrast / max(float(smooth.std()), 1e-6)) + mean, dtype=np.float32)


def plane(image: Image) -> Plane:
    """Return an image as a camera gives it: rounded and clipped."""
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def noisy(image: Image, sigma: float, rng: np.random.Generator) -> Plane:
    """Return an image with a sensor's noise of the given deviation in grey levels."""
    noise = rng.standard_normal(image.shape, dtype=np.float32)
    return plane(image + np.float32(sigma) * noise)


def planes(luma: Plane, u: Plane | None = None, v: Plane | None = None) -> Planes:
    """Return a picture at its own size as planes, grey without `u` and `v`."""
    chroma = None if u is None or v is None else Chroma(u, v)
    return planes_of(frame(luma, chroma=chroma), max_height_px=luma.shape[0])


def pasted(image: Image, thing: Image, x: float, y: float) -> Image:
    """Return the image with a thing laid over it, its top left corner at (x, y), sub-pixel."""
    shift = np.array([[1, 0, x], [0, 1, y]], dtype=np.float32)
    size = (image.shape[1], image.shape[0])
    there = cv2.warpAffine(thing, shift, size)
    cover = cv2.warpAffine(np.ones_like(thing), shift, size)
    return np.asarray(image * (1 - cover) + there, dtype=np.float32)


def box_mask(shape: tuple[int, ...], x: int, y: int, width: int, height: int) -> Plane:
    """Return a mask, uint8, with one rectangle of 255."""
    mask = np.zeros(shape, dtype=np.uint8)
    mask[y : y + height, x : x + width] = 255
    return mask


def frame(
    luma: Plane,
    index: int = 0,
    *,
    chroma: Chroma | None = None,
    rate_hz: float = RATE_HZ,
    damaged: bool = False,
) -> Frame:
    """Return a frame at its place in a video of constant rate."""

    def render() -> Bgr:
        return np.repeat(luma[:, :, None], 3, axis=2)

    return Frame(index, index / rate_hz, luma, chroma, render, damaged=damaged)


def frames(pictures: Iterable[Plane], *, first: int = 0, rate_hz: float = RATE_HZ) -> Iterator[Frame]:
    """Return pictures as consecutive frames from index `first` on."""
    for index, picture in enumerate(pictures, first):
        yield frame(picture, index, rate_hz=rate_hz)


def measured(analyser: Analyser, stream: Iterable[Frame]) -> list[Scores]:
    """Return the scores of all frames."""
    return [analyser.update(one) for one in stream]
