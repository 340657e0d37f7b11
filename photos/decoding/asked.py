"""What a person asked of the reading of a scan: turned, made positive. Only inside the child."""

from collections.abc import Callable
from typing import Any

from photos.decoding import negatives

TURNS = (0, 90, 180, 270)
SIDE = 1000  # px of the copy that a negative's base is read from


def turned(image: Any, degrees: int) -> Any:
    """Clockwise by quarters."""
    return image if degrees == 0 else image.rot(f"d{degrees}")


def positive(image: Any, kind: str, again: Callable[[], Any]) -> Any:
    """The negative inverted by its own base; `again` opens the same picture once more, since a
    scan is read from top to bottom once."""
    import pyvips

    small = again()
    scale = min(1.0, SIDE / max(small.width, small.height))
    small = small.resize(scale, kernel="linear") if scale < 1 else small
    pixels = small.numpy().reshape(small.height, small.width, small.bands)
    table = negatives.table(pixels, kind, 16 if image.format == "ushort" else 8)
    look = pyvips.Image.new_from_array(table)
    return image.maplut(look).copy(interpretation=image.interpretation)
