"""Recording of live sources: clips of events, segments, timelapse, pictures."""
