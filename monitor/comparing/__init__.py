"""Two pictures, folders or videos compared: what differs, where, and by how much."""
