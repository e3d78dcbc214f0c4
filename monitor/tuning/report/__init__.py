"""What tuning found, for people and for programs."""
