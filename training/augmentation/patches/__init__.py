"""Damage that is an area: wide losses of the picture and what lies on it."""
