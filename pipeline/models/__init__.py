"""Restorations (requests) and their renditions (images made by named weights)."""

from pipeline.models.restorations import Rendition, Restoration, expiry, new_token

__all__ = ["Rendition", "Restoration", "expiry", "new_token"]
