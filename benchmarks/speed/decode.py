"""Bare decoding on all cores: every frame of a video is decoded and dropped; prints how many there were.

Run as a script, so that nothing but PyAV is loaded. Argument: the video.
"""

import os
import sys

import av

if __name__ == "__main__":
    with av.open(sys.argv[1]) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = len(os.sched_getaffinity(0))
        print(sum(1 for _ in container.decode(stream)))
