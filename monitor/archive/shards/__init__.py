"""Long recordings in several processes: cut into parts that are measured at the same time, then joined."""
