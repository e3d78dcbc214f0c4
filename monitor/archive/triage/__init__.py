"""Triage: a first pass over packets and key frames finds the spans of a recording that are worth decoding."""
