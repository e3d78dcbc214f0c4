"""Python and the packages that the program stands on."""

import re
import sys
from collections.abc import Callable, Sequence
from importlib import metadata

from monitor.health.check import Check, State

DISTRIBUTION = "motion-change-monitor"

OLDEST_PYTHON = (3, 11)

NOT_FOR_USE = {"all", "test"}
"""Extras that bring no function of their own."""

_EXTRA = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?[^;]*; extra == ['\"]([\w-]+)['\"]$")

_BOUND = re.compile(r"([\w.-]+)>=([\d.]+)$")


def python_check(version: tuple[int, ...] = sys.version_info[:3]) -> Check:
    """Return whether this Python is new enough."""
    found = ".".join(str(part) for part in version)
    if version >= OLDEST_PYTHON:
        return Check("Python", State.OK, found)
    oldest = ".".join(str(part) for part in OLDEST_PYTHON)
    return Check("Python", State.PROBLEM, f"{found}, needs {oldest}", f"install Python {oldest} or newer")


def packages_check(
    requirements: Sequence[str] | None = None, version_of: Callable[[str], str] = metadata.version
) -> Check:
    """Return whether the packages that were asked for are there, and not too old.

    `requirements` are as in the package's own metadata, which is where they are taken from by default.
    """
    if requirements is None:
        requirements = _own_requirements()
    bounds = [bound.groups() for text in requirements if (bound := _BOUND.match(text))]
    wrong = [fault for name, least in bounds if (fault := _fault(name, least, version_of))]
    if wrong:
        return Check("packages", State.PROBLEM, "; ".join(wrong), f"pip install --upgrade {DISTRIBUTION}")
    if not bounds:
        return Check("packages", State.WARNING, "unknown: the program is not installed", "pip install .")
    return Check("packages", State.OK, ", ".join(f"{name} {version_of(name)}" for name, _ in bounds))


def extras_check(
    requirements: Sequence[str] | None = None, version_of: Callable[[str], str] = metadata.version
) -> Check:
    """Return which extras are installed, and the command for the others; what needs one says so itself."""
    texts = _own_requirements() if requirements is None else requirements
    found = [bound.groups() for text in texts if (bound := _EXTRA.match(text))]
    extras = sorted({extra for _, extra in found} - NOT_FOR_USE)
    missing = [
        extra
        for extra in extras
        if any(_fault(name, "0", version_of) for name, needed_by in found if needed_by == extra)
    ]
    if not extras:
        return Check("extras", State.OK, "unknown: the program is not installed")
    there = ", ".join(extra for extra in extras if extra not in missing) or "none installed"
    if not missing:
        return Check("extras", State.OK, there)
    step = f"where they are wanted: pip install '{DISTRIBUTION}[{','.join(missing)}]'"
    return Check("extras", State.OK, f"{there}; not installed: {', '.join(missing)}", step)


def opencv_check() -> Check:
    """Return whether OpenCV loads; the system libraries that it needs may be missing."""
    try:
        import cv2
    except ImportError as error:
        step = missing_library_sentence(error) or "pip install --force-reinstall opencv-python"
        return Check("OpenCV", State.PROBLEM, str(error), step)
    return Check("OpenCV", State.OK, f"{cv2.__version__} loads")


def missing_library_sentence(error: ImportError) -> str | None:
    """Return what to install if an import failed for want of a system library, else None."""
    found = re.match(r"(\S+\.so[.\d]*): cannot open shared object file", str(error))
    if found is None:
        return None
    return (
        f"The system library {found[1]} is missing, which OpenCV and video decoding need; "
        "on Debian and Ubuntu: apt install libgl1 libglib2.0-0"
    )


def _own_requirements() -> Sequence[str]:
    try:
        return metadata.requires(DISTRIBUTION) or ()
    except metadata.PackageNotFoundError:
        return ()


def _fault(name: str, least: str, version_of: Callable[[str], str]) -> str | None:
    try:
        version = version_of(name)
    except metadata.PackageNotFoundError:
        return f"{name} is missing"
    return None if _numbers(version) >= _numbers(least) else f"{name} {version}, needs {least}"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))
