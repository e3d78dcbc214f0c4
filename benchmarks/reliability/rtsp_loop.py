"""A real RTSP server that sends coded pictures over and over, on GStreamer; run by the system's Python.

It prints the port it listens on, and ends with its standard input. Each client gets the loop from its start.
"""

import argparse
import random
import struct
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found,import-untyped,unused-ignore]

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # type: ignore  # noqa: E402

PAYERS = {
    "h264": (
        "video/x-h264,stream-format=byte-stream,alignment=au,framerate={rate}/1",
        "h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 config-interval=1",
    ),
    "mjpeg": (
        "image/jpeg,width={width},height={height},framerate={rate}/1",
        "rtpjpegpay name=pay0 pt=26",
    ),
}

SOUND_S = 6.0
"""Nothing is lost up to here: whoever watches has learnt the place and seen somebody pass."""


class Factory(GstRtspServer.RTSPMediaFactory):  # type: ignore[misc]
    """Makes a pipeline for each client and feeds it."""

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__()
        self.options = options
        self.units = list(units_of(options.file.read_bytes()))

    def do_create_element(self, url: Any) -> Any:
        """Return a pipeline that is fed from the start of the loop."""
        o = self.options
        caps, payer = (text.format(**vars(o)) for text in PAYERS[o.codec])
        element = Gst.parse_launch(
            f"( appsrc name=source format=time is-live=true block=true max-bytes=200000 caps={caps} "
            f"! {payer} )"
        )
        number = iter(range(10**9))
        element.get_by_name("source").connect("need-data", lambda source, _: self.feed(source, next(number)))
        if o.loss:
            pad = element.get_by_name("pay0").get_static_pad("src")
            kinds = Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST
            pad.add_probe(kinds, Lossy(o.loss).take)
        return element

    def feed(self, source: Any, number: int) -> None:
        """Push the picture of this number."""
        buffer = Gst.Buffer.new_wrapped(self.units[number % len(self.units)])
        buffer.duration = Gst.SECOND // self.options.rate
        buffer.pts = buffer.dts = number * Gst.SECOND // self.options.rate
        source.emit("push-buffer", buffer)


class Lossy:
    """Loses this share of the packets before they are sent, once the first passage is over."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._random = random.Random(1)

    def take(self, pad: Any, info: Any) -> Any:
        """Hand on what is not lost, in place of all."""
        many = info.get_buffer_list()
        packets = [info.get_buffer()] if many is None else [many.get(i) for i in range(many.length())]
        if packets[0].pts < SOUND_S * Gst.SECOND:
            return Gst.PadProbeReturn.OK
        kept = Gst.BufferList.new()
        for packet in packets:
            if self._random.random() >= self._share:
                kept.insert(-1, packet)
        if kept.length() == len(packets):
            return Gst.PadProbeReturn.OK
        if kept.length():
            pad.get_peer().chain_list(kept)
        return Gst.PadProbeReturn.DROP


def units_of(data: bytes) -> Iterator[bytes]:
    """Yield what `footage.write_units` wrote."""
    start = 0
    while start < len(data):
        (length,) = struct.unpack_from(">I", data, start)
        yield data[start + 4 : start + 4 + length]
        start += 4 + length


def main() -> None:
    """Serve the file of coded pictures at /cam."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    for name, default in (("width", 320), ("height", 240), ("rate", 15), ("port", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--loss", type=float, default=0.0)
    parser.add_argument("--codec", choices=PAYERS, default="h264")
    options = parser.parse_args()

    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(options.port))
    server.get_mount_points().add_factory("/cam", Factory(options))
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print(server.get_bound_port(), flush=True)
    loop.run()


if __name__ == "__main__":
    main()
