"""What each measure of a pair means; loads nothing, for the help shows it."""

from typing import NamedTuple


class Meaning(NamedTuple):
    """What a measure is, its range and direction, and what it is blind to; one clause each."""

    what: str
    range: str
    blind_to: str


_FROM_ZERO = "0 (equal) and up"
_SHARE = "0 (equal) to 1"
_NOT_WHERE = "where things are: mirrored is equal"
_NOT_HOW_MUCH = "how much: noise counts in full"

MEANINGS = {
    "manhattan": Meaning("sum of absolute differences", _FROM_ZERO, "where, and many or much"),
    "manhattan_per_pixel": Meaning(
        "the same per pixel, in grey levels", "0 (equal) to 255, each: 765", "small things"
    ),
    "zero": Meaning("number of pixels that differ at all", _FROM_ZERO, _NOT_HOW_MUCH),
    "zero_per_pixel": Meaning("the same as a share", _SHARE, _NOT_HOW_MUCH),
    "mse": Meaning("mean squared difference", "0 (equal) to 65025", "structure: blur is like noise"),
    "psnr_db": Meaning("MSE as decibels below full scale", "0 to ∞ (equal; null in JSON)", "structure"),
    "ssim": Meaning("structural similarity, 7x7 windows", "-1 to 1 (equal)", "moved or gone: both are low"),
    "kl_nats": Meaning("Kullback-Leibler distance of B's histogram from A's", _FROM_ZERO, _NOT_WHERE),
    "kl_symmetric_nats": Meaning("the same, both ways added", _FROM_ZERO, _NOT_WHERE),
    "beyond_noise_fraction": Meaning(
        "share of pixels beyond kσ of the pair's noise", "0 (noise alone) to 1", "exposure"
    ),
    "hash_distance_bits": Meaning(
        "bits in which perceptual hashes differ", "0 (looks alike) to 64", "small things"
    ),
}
"""Every measure by its name in `Measures` and in JSON."""
