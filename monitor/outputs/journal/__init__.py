"""The journal: events, near misses, coverage, gaps and waiting alerts, in SQLite or PostgreSQL."""
