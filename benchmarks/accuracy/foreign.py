"""Masks by a peer that needs an environment of its own; run with that environment's interpreter.

Nothing but OpenCV, NumPy and the peer is imported here. Arguments: method, folder of pictures, folder for the
masks. Prints the milliseconds a frame took the peer on one thread, reading and writing not counted.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2


def cnt() -> Callable[[Any], Any]:
    """Zeevi's CNT of opencv-contrib by its defaults, and a median of 5 as for the other peers."""
    model = cv2.bgsegm.createBackgroundSubtractorCNT()  # type: ignore[attr-defined,unused-ignore]
    return lambda picture: cv2.medianBlur(model.apply(picture), 5)


def subsense() -> Callable[[Any], Any]:
    """St-Charles' SuBSENSE as bgslibrary has it; it cleans its masks itself."""
    import pybgs  # type: ignore[import-not-found,unused-ignore]

    # It writes its settings there, and crashes where it cannot.
    Path("config").mkdir(exist_ok=True)
    apply: Callable[[Any], Any] = pybgs.SuBSENSE().apply
    return apply


METHODS = {"cnt": cnt, "subsense": subsense}


def main(method: str, pictures: str, masks: str) -> None:
    """Write the mask of every picture under its own name and print what a frame took."""
    cv2.setNumThreads(1)
    apply = METHODS[method]()
    spent_s, frames = 0.0, 0
    for path in sorted(Path(pictures).iterdir()):
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        began = time.process_time()
        mask = apply(picture)
        spent_s += time.process_time() - began
        frames += 1
        cv2.imwrite(str(Path(masks) / f"{path.stem}.png"), mask)
    print(f"ms_per_frame {1e3 * spent_s / max(frames, 1):.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:4])
