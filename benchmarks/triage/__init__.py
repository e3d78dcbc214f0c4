"""Whether triage loses anything, and what it saves: a generated archive and the real recordings."""
