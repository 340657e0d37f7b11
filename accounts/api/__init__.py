"""Tokens over REST: one for a name and a password."""
