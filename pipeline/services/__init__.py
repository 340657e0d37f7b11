"""Ask for restorations and renditions, keep what was made, erase."""

from pipeline.services.restorations import (
    erase,
    erase_all,
    expire,
    keep_rendition,
    quick_or,
    render_later,
    rendering_mask_known,
    restore_again,
    restore_differently_later,
    restore_later,
    restore_other_pages_later,
    suggest_later,
    suggest_missing_later,
)

__all__ = [
    "erase",
    "erase_all",
    "expire",
    "keep_rendition",
    "quick_or",
    "render_later",
    "rendering_mask_known",
    "restore_again",
    "restore_differently_later",
    "restore_later",
    "restore_other_pages_later",
    "suggest_later",
    "suggest_missing_later",
]
