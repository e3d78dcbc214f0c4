"""How fast the page answers over a journal of a million events."""
