"""Live video motion and change monitor: few, true, explained events."""

__version__ = "0.1.0"
