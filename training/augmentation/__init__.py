"""Damage drawn on clean photos, and what else a sample goes through."""
