"""An operator's optional folder of damage masks and papers; without it all is procedural."""

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

_LINE_SHAPES = ("scratch", "lint")


@dataclass(frozen=True)
class Textures:
    """uint8 arrays: damage shapes (255 = damaged), crack masks, papers (grey)."""

    shapes: list[NDArray[np.uint8]] = field(default_factory=list)
    cracks: list[NDArray[np.uint8]] = field(default_factory=list)
    papers: list[NDArray[np.uint8]] = field(default_factory=list)

    @classmethod
    def load(cls, folder: str | Path | None) -> "Textures | None":
        """Read damage_shapes/, cracks/*_mask.png and textures/ below `folder`, if it is there.

        Line-like shapes (scratch*, lint*) join the cracks, so that they get the line's class.
        """
        if folder is None or not Path(folder).is_dir():
            return None
        root = Path(folder)
        drawn = sorted((root / "damage_shapes").glob("*.png"))
        lines = [path for path in drawn if path.name.startswith(_LINE_SHAPES)]
        cracks = [_thin(_read(path)) for path in sorted((root / "cracks").glob("*_mask.png"))]
        return cls(
            shapes=[_mask(_read(path)) for path in drawn if path not in lines],
            cracks=[_mask(_read(path)) for path in lines] + cracks,
            papers=[_read(path) for path in sorted((root / "textures").glob("*.jpg"))],
        )


def _read(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def _mask(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return ((grey > 127) * np.uint8(255)).astype(np.uint8)


def _thin(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Crack masks are drawn thick: erode until a thin core is left."""
    mask = _mask(grey)
    eroded = np.asarray(cv2.erode(mask, np.ones((3, 3), np.uint8)), np.uint8)
    return eroded if eroded.any() else mask
