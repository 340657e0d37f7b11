"""Tones: what fading, yellowing and a colour cast took from a photograph, given back on request."""

# Raised when other tones would be measured or drawn of the same picture.
TONES = 1
