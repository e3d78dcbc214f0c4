"""What is asked of the page, a file for each subject."""
