"""Pure measuring: frames in, scores out. No clock, thread, file, log or setting is known here."""
