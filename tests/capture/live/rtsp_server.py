"""A real RTSP server for the tests, on GStreamer; run by the system's Python, which has its bindings.

It prints the port it listens on. Each line on standard input is a command: `size W H` changes the size of
the pictures within the stream; the end of the input ends the server.
"""

import argparse
import sys
import threading
from typing import Any

import gi  # type: ignore[import-not-found,import-untyped,unused-ignore]

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # type: ignore  # noqa: E402

ENCODERS = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max={gop} "
    "! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 config-interval=1",
    "mjpeg": "jpegenc ! rtpjpegpay name=pay0 pt=26",
}


class Factory(GstRtspServer.RTSPMediaFactory):  # type: ignore[misc]
    """Makes the pipeline and keeps hold of the filter that says how large its pictures are."""

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__()
        self.options = options
        self.filters: list[Any] = []

    def do_create_element(self, url: Any) -> Any:
        o = self.options
        encoder = ENCODERS[o.codec].format(gop=o.gop)
        element = Gst.parse_launch(
            f"( videotestsrc is-live=true pattern=ball ! videoscale ! capsfilter name=size caps={caps(o)} "
            f"! {encoder} )"
        )
        self.filters.append(element.get_by_name("size"))
        return element


def caps(options: argparse.Namespace) -> str:
    o = options
    return f"video/x-raw,format=I420,width={o.width},height={o.height},framerate={o.rate}/1"


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, default in (("width", 320), ("height", 240), ("rate", 25), ("gop", 12), ("port", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--codec", choices=ENCODERS, default="h264")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    options = parser.parse_args()

    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(options.port))
    factory = Factory(options)
    factory.set_shared(True)
    if options.user:
        protect(server, factory, options)
    server.get_mount_points().add_factory("/cam", factory)
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=obey, args=(factory, loop), daemon=True).start()
    print(server.get_bound_port(), flush=True)  # noqa: T201
    loop.run()


def protect(server: Any, factory: Any, options: argparse.Namespace) -> None:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth.add_digest(options.user, options.password, token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("user", "media.factory.access", True)
    permissions.add_permission_for_role("user", "media.factory.construct", True)
    factory.set_permissions(permissions)


def obey(factory: Factory, loop: Any) -> None:
    for line in sys.stdin:
        _, width, height = line.split()
        factory.options.width, factory.options.height = int(width), int(height)
        for element in factory.filters:
            element.set_property("caps", Gst.Caps.from_string(caps(factory.options)))
    loop.quit()


if __name__ == "__main__":
    gi.require_version("GstRtsp", "1.0")
    from gi.repository import GstRtsp

    main()
