"""A stored file as a file object that fetches only the ranges that are read, in bounded memory."""

import io
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

BLOCK_BYTES = 256 * 1024
"""The least that is fetched: half a second of video at 4 Mbit/s, and a request's delay is worth as much."""

LONGEST_RUN = 16
"""Blocks of one request while reading on end: 4 MiB hide a delay of 50 ms from a decoder that takes
10 MB/s."""

MOST_BLOCKS = 64
"""Blocks kept, 16 MiB: indexes at both ends of a file stay while its middle is read."""

Fetch = Callable[[int, int], bytes]
"""Returns the bytes from one position up to another, which is left out; all of them, or it raises."""


class RangeReader(io.RawIOBase):
    """Reads a stored file of `size_bytes` by ranges; `fetch` is called in one thread of its own.

    A jump fetches one block; reading on end fetches ever longer runs and one of them ahead. At most
    `MOST_BLOCKS` and one run are in memory. `fetched_bytes` is what came over the line. To be used from one
    thread, and closed; closing also calls `release`. What `fetch` raises passes.
    """

    def __init__(self, fetch: Fetch, size_bytes: int, release: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._fetch = fetch
        self._size_bytes = size_bytes
        self._release = release
        self._thread = ThreadPoolExecutor(1, "storage")
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._ahead: tuple[range, Future[bytes]] | None = None
        self._next = -1
        self._run = 1
        self._position = 0
        self.fetched_bytes = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position in bytes."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move the position, as every file does; nothing is fetched."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size_bytes}[whence]
        self._position = max(0, start + offset)
        return self._position

    def read(self, size: int = -1, /) -> bytes:
        """Return `size` bytes, fewer only at the end of the file; below 0 all up to there."""
        end = self._size_bytes if size < 0 else min(self._size_bytes, self._position + size)
        parts = []
        while self._position < end:
            index, offset = divmod(self._position, BLOCK_BYTES)
            part = self._block(index)[offset : offset + end - self._position]
            parts.append(part)
            self._position += len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Stop what is fetched ahead and let go of the file; safe to call twice."""
        if not self.closed:
            self._thread.shutdown(wait=True, cancel_futures=True)
            self._blocks.clear()
            self._release()
        super().close()

    def __exit__(self, *unused: object) -> None:
        self.close()

    def _block(self, index: int) -> bytes:
        if index not in self._blocks:
            goes_on = index == self._next
            self._run = min(2 * self._run, LONGEST_RUN) if goes_on else 1
            if self._ahead is None or index not in self._ahead[0]:
                self._collect()
                self._begin(index)
            self._collect()
            if goes_on:
                self._begin(self._next)
        self._blocks.move_to_end(index)
        return self._blocks[index]

    def _begin(self, index: int) -> None:
        """Start to fetch a run of blocks in the thread, unless the file ends before it."""
        count = -(-self._size_bytes // BLOCK_BYTES)
        blocks = range(index, min(index + self._run, count))
        if blocks:
            end = min(blocks.stop * BLOCK_BYTES, self._size_bytes)
            self._ahead = blocks, self._thread.submit(self._fetch, index * BLOCK_BYTES, end)

    def _collect(self) -> None:
        """Wait for what is being fetched and keep it, and no more than `MOST_BLOCKS` of the latest."""
        if self._ahead is None:
            return
        (blocks, future), self._ahead = self._ahead, None
        content = future.result()
        self.fetched_bytes += len(content)
        for number, index in enumerate(blocks):
            self._blocks[index] = content[number * BLOCK_BYTES : (number + 1) * BLOCK_BYTES]
            self._blocks.move_to_end(index)
        while len(self._blocks) > MOST_BLOCKS:
            self._blocks.popitem(last=False)
        self._next = blocks.stop
