"""Pictures of which it is known what differs."""

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.comparing.boxes import Box

Picture = NDArray[np.uint8]

SHAPE = (180, 240, 3)


def place(*shape: int, seed: int = 5) -> Picture:
    """A place with surfaces of many levels, edges and some texture, without noise."""
    height, width = (shape or SHAPE)[:2]
    rng = np.random.default_rng(seed)
    picture = np.full((height, width, 3), 90, np.uint8)
    for _ in range(60):
        left, top = int(rng.integers(0, width)), int(rng.integers(0, height))
        right, bottom = left + int(rng.integers(6, width // 4)), top + int(rng.integers(6, height // 4))
        cv2.rectangle(picture, (left, top), (right, bottom), rng.integers(30, 200, 3).tolist(), cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.uint8)


def noisy(picture: Picture, sigma: float = 3.0, seed: int = 1) -> Picture:
    """The picture as a sensor with this noise takes it."""
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


def exposed(picture: Picture, gain: float) -> Picture:
    """The picture taken with more or less light."""
    return np.asarray(np.clip(np.rint(picture * gain), 0, 255), np.uint8)


def with_thing(picture: Picture, box: Box, colour: tuple[int, int, int] = (20, 30, 230)) -> Picture:
    """The picture with a thing of one colour in it."""
    height, width = picture.shape[:2]
    result = picture.copy()
    top, left = round(box.y * height), round(box.x * width)
    result[top : top + round(box.height * height), left : left + round(box.width * width)] = colour
    return np.asarray(result, np.uint8)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0.0, width) * max(0.0, height)
    return shared / (one.width * one.height + other.width * other.height - shared)
