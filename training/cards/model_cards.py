"""Model cards: what a weight file says about itself, read without torch, and put into words."""

from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from training.cards import card_schema
from training.cards.card_schema import CardError

__all__ = ["Card", "CardError", "numbers", "read"]
Card = dict[str, Any]


def read(path: Path) -> Card:
    """The card inside a safetensors file. Raises CardError."""
    try:
        with safe_open(path, framework="np") as file:
            text = (file.metadata() or {}).get("card", "")
    except (OSError, SafetensorError) as error:
        raise CardError(f"{path.name} is not a safetensors file: {error}") from error
    if not text:
        raise CardError(f"{path.name} carries no model card")
    try:
        return card_schema.parsed(text)
    except CardError as error:
        raise CardError(f"the card of {path.name} cannot be used: {error}") from error


def numbers(values: Any, prefix: str = "") -> dict[str, float]:
    """Every number of a nested card entry under a path: ``real/fracture/dice``."""
    found: dict[str, float] = {}
    for name, value in values.items() if isinstance(values, dict) else ():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            found |= numbers(value, f"{path}/")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[path] = float(value)
    return found
