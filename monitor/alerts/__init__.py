"""Alerts: who is told of what; every one is stored before it is sent, and tried until it is delivered."""
