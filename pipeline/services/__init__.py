"""Ask for restorations and renditions, erase what was made."""

from pipeline.services.restorations import (
    erase,
    erase_all,
    expire,
    quick_or,
    rename,
    render_later,
    rendering_mask_known,
    restore_again,
    restore_differently_later,
    restore_later,
    suggest_later,
    suggest_missing_later,
)

__all__ = [
    "erase",
    "erase_all",
    "expire",
    "quick_or",
    "rename",
    "render_later",
    "rendering_mask_known",
    "restore_again",
    "restore_differently_later",
    "restore_later",
    "suggest_later",
    "suggest_missing_later",
]
