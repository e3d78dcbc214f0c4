"""Sinks: what is written of a scan or a watch. Each owns its files and its failures."""
