"""Masks that ship, and how they meet their photos."""
