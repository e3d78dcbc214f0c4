"""Accuracy on recordings with truth and on generated scenes."""
