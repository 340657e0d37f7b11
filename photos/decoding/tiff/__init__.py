"""TIFF: which directories are photographs, and how they are read."""
