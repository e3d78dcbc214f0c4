"""Sources of frames: files, folders of images, generated scenes."""
