"""Two plates of coloured dots that hide a number: a quick look at eyes and screen, no diagnosis.

Figure and ground differ along the red-green line at mixed brightness (as Ishihara's plates do),
so that neither a grey screen nor a red-green weakness reads the number.
"""

from __future__ import annotations

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE = 320
PLATES = 2
DOTS = 3500
SCALE, STROKE = 5.2, 30
FIGURE = ((214, 112, 82), (226, 140, 92), (199, 98, 78), (233, 158, 112))
GROUND = ((139, 150, 82), (160, 168, 96), (122, 138, 84), (176, 182, 118))


def number(seed: int, plate: int) -> int:
    """What the plate says: two digits that are not easily taken for others."""
    digits = np.random.default_rng([seed % 2**32, plate]).choice([2, 3, 4, 6, 7, 8, 9], 2)
    return int(digits[0]) * 10 + int(digits[1])


def picture(seed: int, plate: int) -> NDArray[np.uint8]:
    """(SIZE, SIZE, 3) RGB."""
    rng = np.random.default_rng([seed % 2**32, plate, 1])
    mask = np.zeros((SIZE, SIZE), np.uint8)
    text = str(number(seed, plate))
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, SCALE, STROKE)
    origin = ((SIZE - width) // 2, (SIZE + height) // 2)
    cv2.putText(mask, text, origin, cv2.FONT_HERSHEY_DUPLEX, SCALE, 255, STROKE)
    found = np.full((SIZE, SIZE, 3), 244, np.uint8)
    taken = np.zeros((SIZE, SIZE), np.uint8)
    for radius in (6, 5, 4, 3, 2):
        for x, y in rng.integers(radius, SIZE - radius, (DOTS, 2)).tolist():
            far = np.hypot(x - SIZE / 2, y - SIZE / 2) > SIZE / 2 - radius
            box = slice(y - radius, y + radius + 1), slice(x - radius, x + radius + 1)
            if far or taken[box].any():
                continue
            colours = FIGURE if mask[y, x] > 127 else GROUND
            light = rng.uniform(0.82, 1.12)
            colour = np.clip(np.array(colours[rng.integers(4)]) * light, 0, 255).tolist()
            cv2.circle(found, (x, y), radius, colour, -1, cv2.LINE_AA)
            cv2.circle(taken, (x, y), radius, 1, -1)
    return found


def png(seed: int, plate: int) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture(seed, plate)).save(out, "PNG")
    return out.getvalue()
