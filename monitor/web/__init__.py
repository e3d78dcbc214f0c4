"""The page: an API over a journal and the cameras of this machine, and what browsers show of it."""
