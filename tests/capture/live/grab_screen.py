"""Grabs a few pictures of a screen and tells what it got; run in a process of its own."""

import json
import sys
from itertools import islice

import av  # noqa: F401  (before OpenCV, whose X libraries do not serve both)

from monitor.capture.coded import CodedPicture
from monitor.capture.live.opening import open_sources
from monitor.clock import SystemClock
from monitor.errors import SourceError
from monitor.settings.cameras import Camera


def main(address: str, width: int, height: int) -> dict[str, object]:
    coded: list[CodedPicture] = []
    camera = Camera(address=address, format="x11grab", size=(width, height), rate_hz=25.0)
    open_source, _ = open_sources(camera, SystemClock())
    try:
        with open_source(coded.append) as source:
            frames = list(islice(source, 5))
    except SourceError as error:
        return {"error": str(error)}
    return {
        "sizes": sorted({frame.size for frame in frames}),
        "luma": float(frames[0].luma.mean()),
        "times_s": [frame.time_s for frame in frames],
        "coded": len(coded),
        "problems": source.problems.disordered_timestamps + source.problems.missing_timestamps,
    }


if __name__ == "__main__":
    json.dump(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
