"""What is recorded of live cameras besides the clips of events, and within which bounds."""

from monitor.settings.declare import Section, key


class Recording(Section):
    """Recording of live cameras: continuous recording, timelapse, and the bounds of memory and disk."""

    continuous: bool = key(False, "Record all the time, in files of segment_minutes, besides the clips.")
    segment_minutes: float = key(
        10.0,
        "Length of the files of continuous recording, cut at round times of the day (UTC). "
        "Higher: fewer files, and more memory for their index; lower: less is lost when one is damaged.",
        unit="minutes",
        ge=1.0,
        le=60.0,
    )
    timelapse: bool = key(False, "Make a video of each day from one picture every timelapse_every_s seconds.")
    timelapse_every_s: float = key(
        10.0,
        "Time between two pictures of the timelapse. At 10 s a day is played in not quite six minutes.",
        unit="seconds",
        ge=1.0,
        le=3600.0,
    )
    max_clip_s: float = key(
        600.0,
        "Longest clip, from the start of its event; the event itself may go on. "
        "Higher: a lens that is covered for hours fills the disk.",
        unit="seconds",
        ge=10.0,
        le=3600.0,
    )
    min_free_mb: int = key(
        200,
        "Room left free on the disk: below it recording stops, with an alert, and resumes by itself; "
        "detection and alerts go on.",
        unit="MB",
        ge=0,
        le=10_000_000,
    )
    memory_mb: int = key(
        256,
        "Most memory per camera for what waits to be written while the disk is slow, and half as much again "
        "for the seconds before an event. Lower: the pre-roll gets shorter where pictures are large, and a "
        "pause of the disk makes holes in clips sooner.",
        unit="MB",
        ge=8,
        le=8192,
    )
    encoded_height_px: int = key(
        720,
        "Most height of what has to be encoded: webcams and screens that send no coded pictures, "
        "cameras with privacy zones. Higher: much more computing time and memory.",
        unit="pixels",
        ge=120,
        le=4320,
    )
    hardware_encoder: bool = key(
        True, "Encode with the machine's own encoder where it has one that works, else in software."
    )
