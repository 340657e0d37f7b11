"""Model cards: what a weight file says about itself, read without torch, and put into words."""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

Card = dict[str, Any]
NEEDED = ("stage", "network", "arguments")


class CardError(ValueError):
    """The file is no weight file of ours; the message says what is missing."""


def read(path: Path) -> Card:
    """The card inside a safetensors file. Raises CardError."""
    try:
        with safe_open(path, framework="np") as file:
            text = (file.metadata() or {}).get("card", "")
    except (OSError, SafetensorError) as error:
        raise CardError(f"{path.name} is not a safetensors file: {error}") from error
    try:
        card = json.loads(text)
    except ValueError as error:
        raise CardError(f"{path.name} carries no model card") from error
    missing = [name for name in NEEDED if not isinstance(card, dict) or name not in card]
    if missing:
        raise CardError(f"the card of {path.name} does not name its {missing[0]}")
    return dict(card)


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
