"""Recorded files by the month: when each began, how they lie in time, and one report on all."""
