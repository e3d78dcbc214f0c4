"""How right and how fast the monitor is, against named peers; nothing of the program imports this."""
