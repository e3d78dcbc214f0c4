"""Pictures in every form are read upright in 8 bits, or refused in a sentence."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from monitor.comparing.pictures import is_animation, is_picture, read_picture
from monitor.errors import UsageError
from tests.comparing.files import save, save_animation, save_turned
from tests.comparing.given import place


def test_a_colour_picture_is_read_as_it_is(tmp_path: Path) -> None:
    loaded = read_picture(save(tmp_path / "a.png", place()))
    assert np.array_equal(loaded.picture, place())
    assert loaded.notes == ()


def test_grey_stays_grey_and_is_shown_in_colour(tmp_path: Path) -> None:
    grey = cv2.cvtColor(place(), cv2.COLOR_BGR2GRAY)
    loaded = read_picture(save(tmp_path / "a.png", grey))
    assert np.array_equal(loaded.picture, grey)
    assert loaded.bgr().shape == place().shape


def test_of_sixteen_bits_the_upper_eight_are_kept_and_it_is_said(tmp_path: Path) -> None:
    loaded = read_picture(save(tmp_path / "a.png", place().astype(np.uint16) * 257))
    assert np.array_equal(loaded.picture, place())
    assert loaded.notes == ("has 16 bits a channel: the upper 8 are compared",)


def test_what_is_transparent_is_laid_on_white(tmp_path: Path) -> None:
    alpha = np.full((*place().shape[:2], 1), 255, np.uint8)
    alpha[:40] = 0
    loaded = read_picture(save(tmp_path / "a.png", np.dstack([place(), alpha])))
    assert (loaded.picture[:40] == 255).all()
    assert np.array_equal(loaded.picture[40:], place()[40:])
    assert loaded.notes == ("is transparent in parts: laid on white",)


def test_an_opaque_alpha_channel_is_not_worth_a_word(tmp_path: Path) -> None:
    alpha = np.full((*place().shape[:2], 1), 255, np.uint8)
    assert read_picture(save(tmp_path / "a.png", np.dstack([place(), alpha]))).notes == ()


def test_a_picture_is_turned_as_exif_says(tmp_path: Path) -> None:
    loaded = read_picture(save_turned(tmp_path / "a.jpg", place()))
    assert loaded.picture.shape == place().shape
    assert np.abs(loaded.picture.astype(int) - place()).mean() < 3


def test_cmyk_is_said_to_be_converted(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    image.fromarray(place()[..., ::-1]).convert("CMYK").save(tmp_path / "a.jpg", quality=98)
    loaded = read_picture(tmp_path / "a.jpg")
    assert loaded.notes == ("is in CMYK: converted to RGB without its colour profile",)
    assert np.abs(loaded.picture.astype(int) - place()).mean() < 6


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_an_animation_is_no_still_picture(tmp_path: Path, suffix: str) -> None:
    path = save_animation(tmp_path / f"a{suffix}", place(), place(seed=6))
    assert is_animation(path)
    assert not is_picture(path)
    with pytest.raises(UsageError, match="holds 2 pictures; save the one that is meant"):
        read_picture(path)


def test_a_picture_is_known_by_its_content_too(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", place()).rename(tmp_path / "upload.tmp")
    assert is_picture(path)
    assert read_picture(path).picture.shape == place().shape


def test_what_cannot_be_read_is_a_sentence_with_the_reason(tmp_path: Path) -> None:
    text, empty, cut = (tmp_path / name for name in ("text.png", "empty.jpg", "cut.png"))
    text.write_text("no picture")
    empty.touch()
    cut.write_bytes(save(tmp_path / "a.png", place()).read_bytes()[:60])
    reasons = {
        tmp_path / "missing.png": "does not exist; check the path.",
        tmp_path: "is a folder; give an image, or two folders.",
        text: "cannot be read as an image: it holds no picture of a known format",
        empty: "cannot be read as an image: the file is empty",
        cut: "cannot be read as an image: it is damaged or cut off",
    }
    for path, reason in reasons.items():
        with pytest.raises(UsageError) as caught:
            read_picture(path)
        assert str(caught.value).startswith(f"{path} {reason}")


def test_values_that_are_no_levels_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.tiff", place().astype(np.float32))
    with pytest.raises(UsageError, match="holds values of type float32; convert it"):
        read_picture(path)
