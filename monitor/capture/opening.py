"""From what a user names to sources: files, folders, globs and addresses; loads a decoder only to open."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from itertools import chain, groupby
from pathlib import Path

from monitor.capture.listing import is_image, is_video, natural_order
from monitor.capture.source import RecordedSource
from monitor.errors import SourceError, SourceFormatError, SourceNotFoundError
from monitor.plugins import Group, plugin_of
from monitor.storage.address import is_stored, shown


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to look at: a video at `address`, or the `images` that were found there.

    `address` is a path, a glob or a URL, complete with a password where one was given: people are told
    `shown`. `error` says why there is nothing to open, else it is None.
    """

    address: str
    images: tuple[Path, ...] = ()
    error: SourceError | None = None

    @property
    def name(self) -> str:
        """The last part of the address."""
        return Path(self.shown).name or self.shown

    @property
    def shown(self) -> str:
        """The address without a password; bytes of a path that are no text are written as \\udcxx."""
        return shown(self.address).encode(errors="backslashreplace").decode()

    @property
    def is_plugged(self) -> bool:
        """Whether an installed package reads it, found by the scheme of the address."""
        scheme, colon, _ = self.address.partition("://")
        return bool(colon) and not is_stored(self.address) and plugin_of(Group.SOURCES, scheme) is not None

    @property
    def is_coded(self) -> bool:
        """Whether it is a video whose packets and key frames can be read, any number of times."""
        return not self.images and not self.is_plugged

    def __repr__(self) -> str:
        # Libraries log the arguments of what fails.
        return f"Input({self.shown!r})"


def inputs_of(paths: Sequence[str]) -> list[Input]:
    """Return everything that the paths name, each once and in order; what is missing carries its error.

    A folder is searched with its subfolders, also linked ones, in natural order: one that holds videos gives
    an input for each (images beside videos are taken for their thumbnails), one that holds only images is one
    input. Folders and globs of a store ("s3://bucket/folder/") give their videos.
    A glob, also with `**`, gives an input for each video and one for all its images. Images of one folder
    that are named one after the other, as a shell expands them, are one input. Hidden files are left out.
    """
    inputs: dict[str, Input] = {}
    for folder, group in groupby(paths, key=_folder_of_image):
        named = list(group)
        for item in chain.from_iterable(map(_expand, named)) if folder is None else [_images(folder, named)]:
            inputs.setdefault(item.address, item)
    return list(inputs.values())


def open_source(
    item: Input,
    *,
    threads: int | None = None,
    key_frames_only: bool = False,
    enough_hz: float | None = None,
    start_s: float = 0.0,
    rate_hz: float = 25.0,
) -> RecordedSource:
    """Return the source of an input, to be entered as a context; `rate_hz` is the rate of images alone.

    Raises the input's own error if it has one. The other settings are those of `FileSource`.
    """
    if item.error is not None:
        raise item.error
    # Imported here so that listing a folder, or help, does not wait for a decoder to load.
    if item.images:
        from monitor.capture.images import ImageFolderSource

        return ImageFolderSource(item.images, name=item.name, rate_hz=rate_hz, start_s=start_s)
    if item.is_plugged:
        from monitor.capture.plugged import PluggedSource

        return PluggedSource(item.address)
    from monitor.capture.file import FileSource

    return FileSource(
        item.address,
        threads=threads,
        key_frames_only=key_frames_only,
        enough_hz=enough_hz,
        start_s=start_s,
    )


def _folder_of_image(path: str) -> str | None:
    """Return the folder of an image file, None for everything else."""
    return str(Path(path).parent) if is_image(Path(path)) and Path(path).is_file() else None


def _images(folder: str, names: Iterable[str]) -> Input:
    images = natural_order(map(Path, names))
    return Input(folder if len(images) > 1 else str(images[0]), tuple(images))


def _expand(path: str) -> Iterable[Input]:
    if is_stored(path):
        return _in_store(path)
    if "://" in path:
        return [Input(path)]
    path = str(Path(path))  # one spelling, without "./" and a slash at the end
    if Path(path).is_dir():
        return list(_in_folder(path)) or [_nothing_in(path)]
    if not Path(path).exists() and has_magic(path):
        return list(_in_glob(path)) or [Input(path, error=SourceNotFoundError(_no_match(path)))]
    if not Path(path).exists():
        return [Input(path, error=SourceNotFoundError(f"{path} does not exist; check the path."))]
    return [Input(path)]


def _in_store(address: str) -> Iterable[Input]:
    from monitor.capture.stored import videos_at

    try:
        return [Input(video) for video in videos_at(address)]
    except SourceError as error:
        return [Input(address, error=error)]


def _in_folder(folder: str) -> Iterator[Input]:
    closed: list[OSError] = []
    walked = [Path(folder).resolve()]
    for root, subfolders, names in os.walk(folder, onerror=closed.append, followlinks=True):
        subfolders[:] = [path.name for path in _shown(subfolders) if _is_new(root / path, walked)]
        files = [Path(root, name) for name in _shown(names)]
        videos = [Input(str(path)) for path in files if is_video(path)]
        images = tuple(path for path in files if is_image(path))
        yield from videos or ([Input(root, images)] if images else [])
    for error in closed:
        yield _closed(str(error.filename), error)


def _is_new(folder: Path, walked: list[Path]) -> bool:
    """Return whether a subfolder is to be walked, and note where a link leads.

    Another disk's folder may be linked in. A link to what is walked anyhow, or to what that lies in, is not
    followed: it would never end, or give things twice.
    """
    if not folder.is_symlink():
        return True
    target = folder.resolve()
    if any(target.is_relative_to(known) or known.is_relative_to(target) for known in walked):
        return False
    walked.append(target)
    return True


def _shown(names: Iterable[str]) -> list[Path]:
    return natural_order(Path(name) for name in names if not name.startswith("."))


def _in_glob(pattern: str) -> Iterator[Input]:
    # Path.glob takes no absolute patterns.
    matches = natural_order(map(Path, glob(pattern, recursive=True)))  # noqa: PTH207
    if images := tuple(path for path in matches if is_image(path)):
        yield Input(pattern, images)
    for path in matches:
        if path.is_dir() and "**" not in pattern:
            yield from _in_folder(str(path))
        elif is_video(path):
            yield Input(str(path))


def _nothing_in(folder: str) -> Input:
    return Input(
        folder, error=SourceFormatError(f"{folder} holds no video and no images; name another folder.")
    )


def _closed(folder: str, error: OSError) -> Input:
    why = f"{folder} cannot be read: {(error.strerror or str(error)).lower()}"
    return Input(
        folder, error=SourceError(f"{why}; what is in it is left out, grant permission to read and enter it.")
    )


def _no_match(pattern: str) -> str:
    return f"No video and no image matches {pattern}; check the pattern."
