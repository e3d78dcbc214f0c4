"""Recorded files by the month: each scanned once, when it began, how all lie in time, one report."""
