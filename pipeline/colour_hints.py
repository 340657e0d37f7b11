"""What owners painted, for snapshots of photos whose owners let the lab learn."""

from typing import Any

from pipeline.services.adjusting import colour_strokes
from training.services.colour_hints import hint_source


@hint_source
def painted(photos: list[Any]) -> dict[Any, list[dict[str, Any]]]:
    return colour_strokes.hints(photos)
