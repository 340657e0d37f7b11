"""Masks as arrays: classes, files, tiles, components, agreement. No Django."""
