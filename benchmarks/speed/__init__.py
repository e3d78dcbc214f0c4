"""Speed and memory against bare decoding and named peers."""
