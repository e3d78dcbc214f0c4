"""Every setting of the program: declared once, loaded from defaults, preset, file and command line."""

from monitor.settings.load import Resolved, load_settings, preset_names, resolve
from monitor.settings.model import Settings

__all__ = ["Resolved", "Settings", "load_settings", "preset_names", "resolve"]
