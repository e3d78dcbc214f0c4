"""How fast the page answers over a journal of a million events, and what it costs to look at a camera."""
