"""Is this machine ready for these settings: its own questions of health, and all that the settings name."""
