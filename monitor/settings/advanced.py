"""The settings that hardly anybody needs to touch; everyday ones are in `model`."""

from monitor.settings.declare import Section, key


class Preprocess(Section):
    """How a frame is made ready for analysis."""

    max_height_px: int = key(
        300,
        "Frames are halved until they have at most this many rows. "
        "Higher: smaller things are seen, and every frame takes longer.",
        unit="pixels",
        ge=60,
        le=2160,
    )


class Background(Section):
    """The running mean μ and deviation σ of every pixel."""

    learning_s: float = key(
        20.0,
        "Time in which a lasting change becomes background. "
        "Lower: parked cars and slow light are absorbed sooner, and so are people who stand still.",
        unit="seconds",
        ge=1.0,
        le=3600.0,
    )
    warm_up_s: float = key(
        2.0,
        "Time from the start in which the scene is only learnt and no motion is reported.",
        unit="seconds",
        ge=0.0,
        le=60.0,
    )
    foreground_slowdown: float = key(
        20.0,
        "How many times slower pixels are learnt while they are foreground. "
        "Higher: what stands still stays visible longer, and so does a false ghost.",
        unit="times",
        ge=1.0,
        le=1000.0,
    )
    sigma_floor: float = key(
        2.0,
        "Smallest σ that a pixel can have. Higher: less noise in very still pictures, and less seen there.",
        unit="grey levels",
        ge=0.1,
        le=20.0,
    )


class Light(Section):
    """Changes of light that are explained instead of being reported as motion."""

    compensate: bool = key(
        True, "Divide each frame by its smooth local gain, so that a passing cloud or lamp is no motion."
    )


class Shadow(Section):
    """Cast shadows, which move but are no objects."""

    enabled: bool = key(True, "Take shadows out of the foreground. Off: shadows count as motion.")


class Flow(Section):
    """Sparse Lucas-Kanade flow of corners on what moves."""

    max_corners: int = key(
        100,
        "Most corners followed at a time. Higher: surer directions, and slower frames.",
        unit="corners",
        ge=4,
        le=1000,
    )


class Histogram(Section):
    """Kullback-Leibler distance between the luma histograms of consecutive frames."""

    kl_threshold_nats: float = key(
        0.2,
        "Distance above which the whole picture is said to change (Courbon et al. 2010). "
        "Lower: weaker changes of light or scene are reported.",
        unit="nats",
        gt=0.0,
        le=10.0,
    )


class Tracks(Section):
    """Regions followed from frame to frame."""

    lost_s: float = key(
        1.0,
        "Time for which a region that is not seen is still expected. "
        "Higher: one track across a lamp post, and mix-ups where many things move.",
        unit="seconds",
        ge=0.0,
        le=30.0,
    )


class Integrity(Section):
    """The camera itself: covered, blinded, defocused, moved, frozen."""

    covered_s: float = key(
        3.0,
        "Time for which the picture must stay without detail to be called covered, blinded or defocused. "
        "Lower: sooner told, and sooner wrong when something passes close by.",
        unit="seconds",
        ge=0.1,
        le=600.0,
    )
    frozen_s: float = key(
        10.0,
        "Time of exactly equal pictures after which a live source is called frozen.",
        unit="seconds",
        ge=0.5,
        le=3600.0,
    )


class Advanced(Section):
    """For special scenes and for the curious: the defaults are measured, so change one at a time."""

    preprocess: Preprocess = Preprocess()
    background: Background = Background()
    light: Light = Light()
    shadow: Shadow = Shadow()
    flow: Flow = Flow()
    histogram: Histogram = Histogram()
    tracks: Tracks = Tracks()
    integrity: Integrity = Integrity()
