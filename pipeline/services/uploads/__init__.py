"""Photographs that come in pieces, and how much anybody may send."""
