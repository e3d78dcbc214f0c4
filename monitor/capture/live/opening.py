"""From the settings of a camera to its live sources."""

from functools import partial

from monitor.capture.coded import CodedTap
from monitor.capture.live.credentials import full_address
from monitor.capture.live.reader import LiveReader
from monitor.capture.live.redaction import redacted
from monitor.capture.live.resting import Attention
from monitor.capture.live.source import LiveSource, OpenSource
from monitor.clock import Clock
from monitor.errors import UsageError
from monitor.frames import Size
from monitor.settings.cameras import Camera
from monitor.settings.secrets import read_secret


def open_sources(
    camera: Camera, clock: Clock, attention: Attention | None = None
) -> tuple[OpenSource, OpenSource | None]:
    """Return what opens the stream to analyse, and what opens the one that is only recorded.

    The second is None unless the camera has a `second_address`. Nothing is opened yet, but a password that
    cannot be read raises `UsageError`. The libraries for the camera are loaded when it is opened.
    """
    kind = camera.kind_of_address
    size = Size(*camera.size) if camera.size is not None else None
    if kind == "webcam":
        return partial(_webcam, camera, size, clock), None
    if kind == "picamera":
        return partial(_picamera, camera, size, clock), None
    if kind == "plugin":
        return partial(_plugged, camera.address), None
    if kind is None:
        raise UsageError(f"{redacted(camera.address)} is no address of a camera; see `monitor config show`.")
    secret = read_secret("The camera's password", camera.password_env, camera.password_file)
    password = None if secret is None else secret.reveal()
    addresses = [
        full_address(address, camera.username, password)
        for address in (camera.address, camera.second_address)
        if address is not None
    ]
    if kind == "file":
        return partial(_stream, camera, camera.address, None, clock), None
    main, *second = [partial(_stream, camera, address, size, clock) for address in addresses]
    if second:
        return partial(second[0], attention=attention), partial(main, decode=False)
    return partial(main, attention=attention), None


def live_reader(
    camera: Camera,
    *,
    name: str,
    clock: Clock,
    tap: CodedTap | None = None,
    attention: Attention | None = None,
) -> LiveReader:
    """Return the reader of a camera, to be entered as a context; its coded pictures go to `tap`.

    `attention` says when a network camera's pictures are decoded; None: always.
    Raises `UsageError` for a password that cannot be read.
    """
    analysed, recorded = open_sources(camera, clock, attention)
    return LiveReader(
        analysed,
        name=name,
        tap=tap,
        recorded=recorded,
        clock=clock,
        silence_s=camera.silence_s,
        hang_s=camera.hang_s,
    )


def _stream(
    camera: Camera,
    address: str,
    size: Size | None,
    clock: Clock,
    tap: CodedTap | None,
    *,
    decode: bool = True,
    attention: Attention | None = None,
) -> LiveSource:
    from monitor.capture.live.opened import Connection
    from monitor.capture.live.stream import StreamSource
    from monitor.capture.live.trust import Trust

    connection = Connection(
        address,
        format=camera.format,
        transport=camera.transport,
        open_s=camera.open_s,
        read_s=camera.read_s,
        size=size,
        rate_hz=camera.rate_hz,
        is_file=camera.kind_of_address == "file",
        trust=Trust(camera.tls_verify, camera.ca_file, camera.tls_name),
    )
    return StreamSource(connection, clock, tap, decode=decode, threads=camera.threads, attention=attention)


def _webcam(camera: Camera, size: Size | None, clock: Clock, tap: CodedTap | None) -> LiveSource:
    from monitor.capture.live.v4l2 import Mode, V4l2Driver
    from monitor.capture.live.webcam import WebcamSource

    name = f"/dev/video{camera.address}" if camera.address.isdecimal() else camera.address
    wish = Mode(size, camera.rate_hz)
    return WebcamSource(partial(V4l2Driver, name), wish, clock, tap, name=name, colour=camera.colour)


def _picamera(camera: Camera, size: Size | None, clock: Clock, tap: CodedTap | None) -> LiveSource:
    from monitor.capture.live.picamera import PicameraSource

    return PicameraSource(camera.address, clock, tap, size=size, rate_hz=camera.rate_hz)


def _plugged(address: str, tap: CodedTap | None) -> LiveSource:
    from monitor.capture.plugged import PluggedSource

    return PluggedSource(address)
