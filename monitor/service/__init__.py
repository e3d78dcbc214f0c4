"""The live program as a service of systemd: its unit, what installs it, and what it says of itself."""

NAME = "motion-monitor"
"""Of the service, of the user that it runs as, and of its folders; `monitor` alone is a common word."""
