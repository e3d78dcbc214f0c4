"""Live watching: one camera from its pictures to its events, and several under a supervisor."""
