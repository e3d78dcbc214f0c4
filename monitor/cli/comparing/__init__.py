"""What `monitor compare` does with images, folders, videos and references, and what it says."""
