"""Packets into pictures, reading on after damage."""

from collections.abc import Generator, Iterator

from av import FFmpegError, Packet, VideoFrame
from av.container import InputContainer
from av.error import BlockingIOError as NoDataError
from av.error import InvalidDataError
from av.error import MemoryError as SizeError
from av.video.stream import VideoStream

from monitor.capture.source import Problems
from monitor.capture.thinning import Thinning
from monitor.errors import SourceError

MAX_FAILED_READS = 64
"""After so many failed reads on end the rest of a file is given up, so that it can never hold up a scan."""

SPARE_FRACTION = 0.01
"""So much of the stated length or count may lack before a file counts as cut off: both are rounded."""


DAMAGE = (InvalidDataError, NoDataError, SizeError)
"""What reading a damaged container raises: nonsense, nothing where something should be, an absurd size."""


class Decoder:
    """Decodes one video stream; damage is counted in `problems` and does not end it.

    `thinning`, if given, is told of every packet and may leave pictures out.
    """

    def __init__(
        self,
        container: InputContainer,
        stream: VideoStream,
        name: str,
        problems: Problems,
        thinning: Thinning | None = None,
    ) -> None:
        self._container = container
        self._stream = stream
        self._name = name
        self._problems = problems
        self._thinning = thinning
        self._packets_read = 0
        self._last_packet: Packet[VideoStream] | None = None

    def pictures(self) -> Generator[VideoFrame]:
        """Yield the pictures from the container's present position to its end, in order of presentation.

        Raises `SourceError` where reading fails for another reason than damage (a disk, a network).
        """
        for packet in self._packets():
            if packet.is_corrupt:
                self._count_damage(f"packet {self._packets_read} is incomplete or marked as damaged")
                if self._is_the_files_end(packet):
                    continue
            if self._thinning is not None and packet.size and self._thinning.leaves_out(packet):
                continue
            try:
                pictures = packet.decode()
            except FFmpegError as error:
                self._count_damage(f"near packet {self._packets_read}: {error.strerror}")
                continue
            yield from pictures

    def _is_the_files_end(self, packet: "Packet[VideoStream]") -> bool:
        """Tell whether the file is cut off within this packet.

        It is then left out: an error in the last packet would keep back all pictures that the decoder's
        threads still hold.
        """
        return packet.pos is not None and packet.pos + packet.size >= self._container.size

    def is_cut_off(
        self, ended_s: float, frame_s: float, stated_s: float | None, stated_count: int | None
    ) -> bool:
        """Tell, after the last picture, whether the file ended before what it states itself.

        It did if its last packet is incomplete, or if time or packets (two or more) lack. `ended_s` is the
        time of the last picture, `frame_s` the nominal time between two.
        """
        if self._last_packet is not None and self._last_packet.is_corrupt:
            return True
        if stated_s is not None and ended_s + 3 * frame_s < stated_s * (1 - SPARE_FRACTION):
            return True
        return stated_count is not None and self._packets_read + 2 < stated_count * (1 - SPARE_FRACTION)

    def _packets(self) -> "Iterator[Packet[VideoStream]]":
        """Yield packets; the last one is empty and makes the decoder give what it holds back."""
        failures = 0
        while failures < MAX_FAILED_READS:
            try:
                for packet in self._container.demux(self._stream):
                    failures = 0
                    if packet.size:
                        self._packets_read += 1
                        self._last_packet = packet
                    yield packet
                return
            except IndexError:
                return  # PyAV stumbles, after the last packet, over streams that appeared midway
            except DAMAGE as error:
                failures += 1
                self._count_damage(f"reading failed after packet {self._packets_read}: {error.strerror}")
            except FFmpegError as error:
                raise SourceError(f"{self._name} cannot be read any further ({error.strerror}).") from error
        self._problems.truncated = True

    def _count_damage(self, message: str) -> None:
        self._problems.damaged_packets += 1
        self._problems.note(message)
