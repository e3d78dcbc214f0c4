"""A recording of a still place that somebody crosses, cheap enough to be made for a test."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np

WIDTH, HEIGHT, RATE_HZ = 160, 96, 10
_STEP_PX = 3


def write_recording(
    path: Path,
    seconds: int,
    passages_s: Sequence[float],
    *,
    noise: float = 1.0,
    codec: str = "libx264",
    gop_s: int = 5,
) -> None:
    """Write a textured place with noise; a block of 16 by 24 pixels crosses it from each of the times on."""
    rng = np.random.default_rng(1)
    place = np.kron(rng.integers(60, 180, (HEIGHT // 8, WIDTH // 8)), np.ones((8, 8))).astype(np.int16)
    block = rng.integers(0, 255, (24, 16)).astype(np.int16)
    with av.open(str(path), "w") as container:
        options = {"crf": "23", "preset": "veryfast"} if codec == "libx264" else {}
        stream = container.add_stream(codec, rate=RATE_HZ, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = WIDTH, HEIGHT
        stream.pix_fmt = "yuv420p" if codec == "libx264" else "yuvj420p"
        stream.codec_context.gop_size = gop_s * RATE_HZ
        chroma = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
        for index in range(seconds * RATE_HZ):
            picture = place + np.rint(rng.normal(0, noise, place.shape)).astype(np.int16)
            for start_s in passages_s:
                left = (index - round(start_s * RATE_HZ)) * _STEP_PX
                if 0 <= left <= WIDTH - 16:
                    picture[40:64, left : left + 16] = block
            luma = np.clip(picture, 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.vstack([luma, chroma]), format=stream.pix_fmt)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
