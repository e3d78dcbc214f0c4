"""Who may ask what, and what is refused before anything looks at it."""
