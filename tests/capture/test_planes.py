"""Memory layouts of decoded pictures, each built by hand."""

import av
import numpy as np
import pytest
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from monitor.capture.planes import AS_CODED, Orientation, bgr_of, planes_of, planes_of_bgr

WIDTH, HEIGHT = 6, 4
RNG = np.random.default_rng(3)
LUMA = RNG.integers(16, 236, (HEIGHT, WIDTH), dtype=np.uint8)
U = RNG.integers(16, 241, (HEIGHT // 2, WIDTH // 2), dtype=np.uint8)
V = RNG.integers(16, 241, (HEIGHT // 2, WIDTH // 2), dtype=np.uint8)


def fill(plane: VideoPlane, samples: NDArray[np.generic]) -> None:
    """Write the samples' lines into the plane, and noise into the padding behind them."""
    lines = RNG.integers(0, 256, (plane.height, plane.line_size), dtype=np.uint8)
    data = np.ascontiguousarray(samples).view(np.uint8).reshape(plane.height, -1)
    lines[:, : data.shape[1]] = data
    plane.update(lines.tobytes())


def picture_of(pix_fmt: str, *planes: NDArray[np.generic]) -> av.VideoFrame:
    picture = av.VideoFrame(WIDTH, HEIGHT, pix_fmt)
    for plane, samples in zip(picture.planes, planes, strict=True):
        fill(plane, samples)
    return picture


def deep(plane: NDArray[np.uint8], bits: int, order: str = "<") -> NDArray[np.uint16]:
    """Return samples of so many bits whose upper 8 are the plane's and whose lower ones are all set."""
    spare = bits - 8
    return ((plane.astype(np.uint16) << spare) | ((1 << spare) - 1)).astype(f"{order}u2")


def pairs(first: NDArray[np.generic], second: NDArray[np.generic]) -> NDArray[np.generic]:
    return np.stack([first, second], axis=-1)


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(picture_of("yuv420p", LUMA, U, V), id="planar"),
        pytest.param(picture_of("nv12", LUMA, pairs(U, V)), id="nv12"),
        pytest.param(picture_of("nv21", LUMA, pairs(V, U)), id="nv21"),
        pytest.param(picture_of("yuv420p10le", deep(LUMA, 10), deep(U, 10), deep(V, 10)), id="10-bit"),
        pytest.param(
            picture_of("yuv420p12be", deep(LUMA, 12, ">"), deep(U, 12, ">"), deep(V, 12, ">")),
            id="12-bit-big-endian",
        ),
        pytest.param(picture_of("p010le", deep(LUMA, 16), pairs(deep(U, 16), deep(V, 16))), id="p010"),
    ],
)
def test_samples_come_out_exactly_with_their_low_bits_dropped(picture: av.VideoFrame) -> None:
    luma, chroma = planes_of(picture)
    assert np.array_equal(luma, LUMA)
    assert chroma is not None
    assert np.array_equal(chroma.u, U)
    assert np.array_equal(chroma.v, V)


@pytest.mark.parametrize("pix_fmt", ["gray", "ya8", "gray14le"])
def test_grey_pictures_have_luma_alone(pix_fmt: str) -> None:
    samples = {"gray": LUMA, "ya8": pairs(LUMA, LUMA // 2), "gray14le": deep(LUMA, 14)}[pix_fmt]
    luma, chroma = planes_of(picture_of(pix_fmt, samples))
    assert np.array_equal(luma, LUMA)
    assert chroma is None


def test_black_and_white_becomes_0_and_255() -> None:
    bits = np.full((HEIGHT, 1), 0b10100000, np.uint8)
    luma, chroma = planes_of(picture_of("monob", bits))
    assert np.array_equal(luma, np.tile([255, 0, 255, 0, 0, 0], (HEIGHT, 1)))
    assert chroma is None


def test_packed_luma_is_unpacked_exactly() -> None:
    u = np.repeat(U, 2, axis=0)
    v = np.repeat(V, 2, axis=0)
    packed = np.empty((HEIGHT, WIDTH * 2), np.uint8)
    packed[:, ::2], packed[:, 1::4], packed[:, 3::4] = LUMA, u, v
    luma, chroma = planes_of(picture_of("yuyv422", packed))
    assert np.array_equal(luma, LUMA)
    assert chroma is not None
    assert np.array_equal(chroma.u, u)
    assert np.array_equal(chroma.v, v)


def test_a_palette_gives_the_colours_it_names() -> None:
    palette = np.zeros((256, 4), np.uint8)
    palette[1] = [255, 200, 100, 50]  # alpha, red, green, blue
    indices = np.zeros((HEIGHT, WIDTH), np.uint8)
    indices[1, 2] = 1
    picture = av.VideoFrame.from_ndarray((indices, palette), format="pal8")  # type: ignore[arg-type]
    luma, _ = planes_of(picture)
    assert bgr_of(picture)[1, 2].tolist() == [50, 100, 200]
    assert luma[1, 2] == round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)
    assert luma[0, 0] == 0


def test_grey_colours_have_neutral_chroma_and_full_range_luma() -> None:
    bgr = np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, axis=2)
    luma, chroma = planes_of_bgr(bgr)
    assert np.array_equal(luma[:, 0], np.arange(256))
    assert np.all(chroma.u == 128)
    assert np.all(chroma.v == 128)


def test_chroma_of_pure_colours_is_that_of_jfif() -> None:
    # JFIF 1.02: Cb = (B - Y) / 1.772 + 128, Cr = (R - Y) / 1.402 + 128.
    red_blue = np.array([[[0, 0, 255], [255, 0, 0]]], np.uint8)
    _, chroma = planes_of_bgr(red_blue)
    assert chroma.u.tolist() == [[pytest.approx(84.97, abs=1), pytest.approx(255, abs=1)]]
    assert chroma.v.tolist() == [[pytest.approx(255, abs=1), pytest.approx(107.26, abs=1)]]


def test_a_picture_without_a_matrix_is_as_coded() -> None:
    assert Orientation.of(av.VideoFrame(WIDTH, HEIGHT, "gray")) == AS_CODED


@pytest.mark.parametrize("height", [480, 720])
def test_untagged_colour_is_bt709_in_hd_and_bt601_below(height: int) -> None:
    picture = av.VideoFrame(16, height, "yuv420p")
    picture.colorspace = 2
    for plane, level in zip(picture.planes, (100, 128, 200), strict=True):
        plane.update(bytes([level]) * plane.buffer_size)
    red = {480: 1.402, 720: 1.5748}[height] * (200 - 128) * 255 / 224 + (100 - 16) * 255 / 219
    # The converter works in fixed point, to within 2 levels.
    assert abs(int(bgr_of(picture)[8, 8, 2]) - red) <= 2
