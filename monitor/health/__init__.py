"""Is this machine ready: software, disk, cameras, clock; each question gives one `Check`."""
