"""Masks of many photos from and for other tools' files."""
