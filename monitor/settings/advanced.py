"""The settings that hardly anybody needs to touch; everyday ones are in `model`."""

from monitor.settings.declare import Section, key


class Analysis(Section):
    """How much of the video is looked at, and how closely."""

    max_height_px: int = key(
        300,
        "Frames are halved until they have at most this many rows. "
        "Higher: smaller things are seen, and every frame takes longer.",
        unit="pixels",
        ge=60,
        le=2160,
    )
    max_rate_hz: float = key(
        15.0,
        "Frames a second that are analysed; of a faster video every second, third … is, evenly. "
        "Higher: events begin a little more exactly, and a scan takes longer.",
        unit="frames per second",
        ge=1.0,
        le=240.0,
    )
    look_ahead_s: float = key(
        20.0,
        "A recording's background is learnt from pictures of its first part before the scan begins. "
        "Higher: more crowded places start right; 0 learns only from what has been shown, as live.",
        unit="seconds",
        ge=0.0,
        le=600.0,
    )


class Background(Section):
    """The running mean μ and deviation σ of every pixel."""

    learning_s: float = key(
        20.0,
        "Time constant in which the background follows the picture. "
        "Lower: slow changes are absorbed sooner, and so is what moves very slowly.",
        unit="seconds",
        ge=1.0,
        le=3600.0,
    )
    warm_up_s: float = key(
        2.0,
        "Time from which a background is learnt where none could be looked ahead at; "
        "no motion is reported in it.",
        unit="seconds",
        ge=0.0,
        le=60.0,
    )
    learn_interval_s: float = key(
        0.3,
        "Time between two steps of learning. Higher: faster scans, and leaves and water are learnt later.",
        unit="seconds",
        ge=0.0,
        le=5.0,
    )
    foreground_slowdown: float = key(
        50.0,
        "How many times slower pixels are learnt while they are foreground. "
        "Higher: what stands still stays visible longer, and so does a false ghost.",
        unit="times",
        ge=1.0,
        le=1000.0,
    )
    luma_floor: float = key(
        3.0,
        "Smallest σ that a pixel can have in brightness. "
        "Higher: less noise in very still pictures, and less seen there.",
        unit="grey levels",
        ge=0.1,
        le=20.0,
    )
    chroma_floor: float = key(
        1.5,
        "Smallest σ that a pixel can have in colour. Higher: colours that differ little are not told apart.",
        unit="grey levels",
        ge=0.1,
        le=20.0,
    )
    absorb_s: float = key(
        120.0,
        "Time after which something that does not move at all becomes background. "
        "Lower: parked cars are forgotten sooner.",
        unit="seconds",
        ge=1.0,
        le=86400.0,
    )
    ghost_s: float = key(
        3.0,
        "Time after which the empty place of something that was there from the start becomes background.",
        unit="seconds",
        ge=0.5,
        le=3600.0,
    )


class Light(Section):
    """Changes of light that are explained instead of being reported as motion."""

    compensate: bool = key(
        True, "Explain what only became brighter or darker, so that a passing cloud or a lamp is no motion."
    )
    change_ratio: float = key(
        1.6,
        "Factor by which the light must change within a second to be an event of its own. "
        "Higher: only stronger changes are told.",
        unit="times",
        ge=1.05,
        le=10.0,
    )


class Shadow(Section):
    """Cast shadows, which move but are no objects."""

    enabled: bool = key(True, "Take shadows out of the foreground. Off: shadows count as motion.")


class Flow(Section):
    """Sparse Lucas-Kanade flow of corners on what moves."""

    most_corners: int = key(
        48,
        "Most corners followed at a time. Higher: surer directions, and slower frames.",
        unit="corners",
        ge=4,
        le=1000,
    )


class Histogram(Section):
    """Kullback-Leibler distance between the luma histograms of consecutive frames."""

    kl_threshold_nats: float = key(
        0.2,
        "Distance above which a picture may be damaged or show another place (Courbon et al. 2010). "
        "Lower: weaker changes are held back and reported.",
        unit="nats",
        gt=0.0,
        le=10.0,
    )
    settle_s: float = key(
        0.3,
        "Time for which such a picture is kept out of the background, to see if the old ones come back. "
        "Higher: longer damage is bridged, and what happens right after a lamp is switched on is seen later.",
        unit="seconds",
        ge=0.0,
        le=10.0,
    )


class Regions(Section):
    """What is followed from frame to frame, and when it counts."""

    min_region_fraction: float = key(
        0.0003,
        "Smallest region that is followed at all, as a share of the frame; motion.min_area_fraction decides "
        "what becomes an event. Higher: fewer specks are looked at.",
        unit="of the frame",
        gt=0.0,
        le=0.1,
    )
    min_coherence: float = key(
        0.5,
        "How steadily something must move to be a traveller: 0 anything, 1 only a straight line. "
        "Higher: leaves and insects drop out, and so do children at play.",
        unit="of 1",
        ge=0.0,
        le=1.0,
    )
    max_speed_per_s: float = key(
        0.8,
        "Speed above which something must be seen for 0.8 s to be believed: an insect or a bird close to the "
        "lens crosses the picture faster. Higher: faster things count at once.",
        unit="of the diagonal per second",
        gt=0.0,
        le=100.0,
    )
    exit_gap_s: float = key(
        0.5,
        "Quiet time after which an event ends when everything left over the edge of the picture.",
        unit="seconds",
        ge=0.0,
        le=60.0,
    )
    rest_s: float = key(
        5.0,
        "Time after which something that came to rest no longer holds its event open.",
        unit="seconds",
        ge=0.5,
        le=3600.0,
    )
    left_s: float = key(
        6.0,
        "Time for which something new must be still to be called an object that was left.",
        unit="seconds",
        ge=1.0,
        le=3600.0,
    )
    removed_s: float = key(
        2.5,
        "Time for which the place of something must be still to be called an object that was removed; "
        "below background.ghost_s.",
        unit="seconds",
        ge=0.5,
        le=3600.0,
    )


class Integrity(Section):
    """The camera itself: covered, blinded, defocused, moved, frozen."""

    covered_s: float = key(
        0.7,
        "Time for which the known place must be out of sight to be called covered or blinded. "
        "Lower: sooner told, and sooner wrong when something passes close by.",
        unit="seconds",
        ge=0.1,
        le=600.0,
    )
    defocused_s: float = key(
        2.0,
        "Time for which the picture must be out of focus. Lower: sooner told, and sooner wrong in rain.",
        unit="seconds",
        ge=0.1,
        le=600.0,
    )
    frozen_s: float = key(
        10.0,
        "Time of exactly equal pictures after which a source that used to change is called frozen.",
        unit="seconds",
        ge=0.5,
        le=3600.0,
    )
    moved_fraction: float = key(
        0.05,
        "Shift of the whole picture within a second from which on the camera is called moved. "
        "Lower: sooner told, and sooner wrong on a shaking pole.",
        unit="of the picture",
        gt=0.0,
        le=1.0,
    )


class Advanced(Section):
    """For special scenes and for the curious: the defaults are measured, so change one at a time."""

    analysis: Analysis = Analysis()
    background: Background = Background()
    light: Light = Light()
    shadow: Shadow = Shadow()
    flow: Flow = Flow()
    histogram: Histogram = Histogram()
    regions: Regions = Regions()
    integrity: Integrity = Integrity()
