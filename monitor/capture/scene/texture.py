"""Seeded randomness with a scale: textures in space, wandering in time."""

import cv2
import numpy as np
from numpy.typing import NDArray

FloatImage = NDArray[np.float32]


def smooth_noise(rng: np.random.Generator, width: int, height: int, grain_px: float) -> FloatImage:
    """Return noise (height, width) of mean 0 and deviation 1 whose blotches are about `grain_px` wide."""
    if grain_px <= 1:
        return rng.standard_normal((height, width), dtype=np.float32)
    columns, rows = (int(length / grain_px) + 4 for length in (width, height))
    seeds = rng.standard_normal((rows, columns), dtype=np.float32)
    wide = cv2.resize(seeds, (int(columns * grain_px), int(rows * grain_px)), interpolation=cv2.INTER_CUBIC)
    return normalised(wide[:height, :width])


def rough_noise(rng: np.random.Generator, width: int, height: int, grain_px: float) -> FloatImage:
    """Return noise like `smooth_noise` with detail down to the pixel: each octave at 0.7 of the one above."""
    noise = np.zeros((height, width), np.float32)
    weight = 1.0
    while grain_px >= 1:
        noise += weight * smooth_noise(rng, width, height, grain_px)
        grain_px, weight = grain_px / 2, weight * 0.7
    return normalised(noise)


def normalised(noise: NDArray[np.generic]) -> FloatImage:
    """Return the noise with mean 0 and deviation 1."""
    values = noise.astype(np.float32)
    values -= values.mean()
    values /= max(float(values.std()), 1e-6)
    return values


class Wander:
    """A smooth random function of time with mean 0 and deviation 1, made of `count` sines in a band."""

    def __init__(self, rng: np.random.Generator, low_hz: float, high_hz: float, count: int = 7) -> None:
        self._speeds = 2 * np.pi * rng.uniform(low_hz, high_hz, count)
        self._phases = rng.uniform(0, 2 * np.pi, count)
        self._scale = float(np.sqrt(2 / count))

    def __call__(self, time_s: float) -> float:
        """Return the value at a time."""
        return self._scale * float(np.sin(self._speeds * time_s + self._phases).sum())


def blurred(image: FloatImage, sigma_px: float) -> FloatImage:
    """Return the image (H, W) or (H, W, C) blurred by a Gaussian; wide ones are made at a smaller size."""
    if sigma_px < 0.2:
        return image
    shrink = max(1, int(sigma_px / 2))
    height, width = image.shape[:2]
    if shrink == 1:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px), np.float32)
    small = cv2.resize(
        image, (max(width // shrink, 2), max(height // shrink, 2)), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (0, 0), sigma_px / shrink, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
