"""What a camera's process says to those who look at it live, over a Unix socket that only its owner may open.

Messages have a head of five bytes (`HEAD`: length of what follows, kind), then the content. `FACTS` once and
`LOOK` with each picture are JSON, `PICTURE` is a JPEG, `MASK` and `HEAT` are PNG with what is not to be seen
transparent. One byte (`Layers`) from the other end says which of the last two are wished.
"""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntFlag
from pathlib import Path

SOCKET_NAME = "live.sock"

HEAD = struct.Struct(">Ic")
FACTS, LOOK, PICTURE, MASK, HEAT = b"F", b"L", b"P", b"M", b"H"


class Layers(IntFlag):
    """What is sent beside the picture."""

    NONE = 0
    MASK = 1
    HEAT = 2


def message(kind: bytes, content: bytes) -> bytes:
    """Return a message with its head."""
    return HEAD.pack(len(content), kind) + content


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """Give an address for the socket at `path`, by its folder: paths may be too long for sockets."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
