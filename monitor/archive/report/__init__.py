"""One report on all that was scanned into a folder: a page, a table, and records for programs."""
