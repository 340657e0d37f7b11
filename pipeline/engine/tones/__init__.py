"""Tones: what fading, yellowing and a colour cast took from a photograph, given back on request."""
