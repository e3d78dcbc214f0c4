"""What would be found: a walker painted into a camera's pictures, smaller and slower until it is missed."""
