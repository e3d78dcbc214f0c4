"""Cameras: live sources, and the reader that keeps one alive."""
