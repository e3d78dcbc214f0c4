"""One connection to each camera that is looked at, shared by all who look."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from monitor.live.spoken import FACTS, HEAD, HEAT, MASK, SOCKET_NAME, Layers, reachable
from monitor.live.statefile import state_folder

log = logging.getLogger(__name__)

AGAIN_S = 1.0
"""Time between two tries to reach a camera's process that is not there."""

MOST_BYTES = 20_000_000
"""No message of a camera is longer; what is, is none."""

LAYER_OF = {MASK: Layers.MASK, HEAT: Layers.HEAT}


class Looker:
    """One who looks: of each kind of message the newest that they have not had yet."""

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        self._waiting: dict[bytes, bytes] = {}
        self._came = asyncio.Event()

    def show(self, kind: bytes, content: bytes) -> None:
        """Put a message in the place of the one of its kind that still waits."""
        if kind not in LAYER_OF or self.layers & LAYER_OF[kind]:
            self._waiting[kind] = content
            self._came.set()

    async def take(self) -> dict[bytes, bytes]:
        """Return what has come since the last call, as soon as there is something."""
        await self._came.wait()
        self._came.clear()
        waiting, self._waiting = self._waiting, {}
        return waiting


class Hub:
    """Reads each camera that somebody looks at once, for all of them; used within one event loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._channels: dict[str, _Channel] = {}

    @asynccontextmanager
    async def looking(self, camera: str, layers: Layers) -> AsyncIterator[Looker]:
        """Give what one camera shows for as long as the context lasts; it is left with the last who looks."""
        channel = self._channels.get(camera)
        if channel is None:
            path = state_folder(self._folder, camera) / SOCKET_NAME
            channel = self._channels[camera] = _Channel(path)
        looker = channel.add(layers)
        try:
            yield looker
        finally:
            if not channel.remove(looker):
                self._channels.pop(camera, None)
                await channel.close()

    async def close(self) -> None:
        """Leave all cameras."""
        channels, self._channels = list(self._channels.values()), {}
        for channel in channels:
            await channel.close()


class _Channel:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._lookers: list[Looker] = []
        self._facts: bytes | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._task = asyncio.create_task(self._run(), name=f"live {path.parent.name}")

    def add(self, layers: Layers) -> Looker:
        looker = Looker(layers)
        if self._facts is not None:
            looker.show(FACTS, self._facts)
        self._lookers.append(looker)
        self.wish()
        return looker

    def remove(self, looker: Looker) -> int:
        """Forget one; return how many are left."""
        self._lookers.remove(looker)
        self.wish()
        return len(self._lookers)

    def wish(self) -> None:
        """Tell the camera which layers somebody looks at."""
        if self._writer is not None and not self._writer.is_closing():
            wished = Layers.NONE
            for looker in self._lookers:
                wished |= looker.layers
            self._writer.write(bytes([wished]))

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._read()
            await asyncio.sleep(AGAIN_S)

    async def _read(self) -> None:
        if not os.path.isdir(self._path.parent):  # noqa: PTH112  (no exception for what is usual)
            return
        with reachable(self._path) as address:
            reader, writer = await asyncio.open_unix_connection(address)
        self._writer = writer
        try:
            self.wish()
            while True:
                length, kind = HEAD.unpack(await reader.readexactly(HEAD.size))
                if length > MOST_BYTES:
                    log.warning("%s: sends something else than pictures", self._path)
                    return
                content = await reader.readexactly(length)
                if kind == FACTS:
                    self._facts = content
                for looker in self._lookers:
                    looker.show(kind, content)
        finally:
            self._writer = None
            writer.close()
