"""Why something was an event, and why something else was not."""
