"""What a person asked of the reading of a scan: turned, made positive, cropped to its print.

Only inside the decoder's child. Nothing here happens unasked.
"""

import math
from collections.abc import Callable
from typing import Any

from config.words.pairs import said
from photos.decoding.opening import Limits
from photos.decoding.scanner import negatives
from photos.decoding.scanner.frames import Frame
from photos.decoding.scanner.print_frame import STRAIGHT, proposed

TURNS = (0, 90, 180, 270)
SIDE = 1000  # px of the copy that a negative's base and a print's edges are read from
NO_FRAME = said("note.no-print")
Step = Callable[[Any], Any]


def arranged(
    image: Any, limits: Limits, transform: dict[str, Any], again: Callable[[], Any]
) -> tuple[Any, Step]:
    """(the picture as it was asked for, what moves another plane of the scan in the same way).

    `again` opens the same picture once more: a scan may be read from top to bottom once.
    """
    if limits.negative:
        image = _positive(image, limits.negative, _small(again()))
        transform["negative"] = limits.negative
    if limits.rotate:
        transform["rotated"] = limits.rotate
        if "dpi" in transform and limits.rotate != 180:
            transform["dpi"].reverse()
    frame = Frame.of(limits.frame) if limits.frame else None
    if limits.crop and frame is None:
        frame = proposal(_turned(again(), limits.rotate))
    if limits.crop and frame is None:
        transform["notes"].append(NO_FRAME)
    if frame is not None:
        transform["cropped"] = frame.said()

    def moved(plane: Any) -> Any:
        plane = _turned(plane, limits.rotate)
        return _cropped(plane, frame) if frame else plane

    return moved(image), moved


def proposal(image: Any) -> Frame | None:
    """Where the print lies on a scan that is read already, or read for this alone."""
    return proposed(_pixels(_small(image)))


def _turned(image: Any, degrees: int) -> Any:
    """Clockwise by quarters."""
    return image if degrees == 0 else image.rot(f"d{degrees}")


def _cropped(image: Any, frame: Frame) -> Any:
    """The frame's inside, upright; where it lies straight already, pixel by pixel as it was."""
    width, height = image.width, image.height
    wide, high = (max(1, round(frame.width * width)), max(1, round(frame.height * height)))
    if abs(frame.angle) < STRAIGHT:
        left = min(width - 1, max(0, round(frame.x * width)))
        top = min(height - 1, max(0, round(frame.y * height)))
        right = max(left + 1, min(width, round((frame.x + frame.width) * width)))
        below = max(top + 1, min(height, round((frame.y + frame.height) * height)))
        return image.crop(left, top, right - left, below - top)
    turn = math.radians(frame.angle)
    middle = (frame.x + frame.width / 2) * width, (frame.y + frame.height / 2) * height
    matrix = [math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn)]
    # Where the middle of the frame goes to: libvips moves what is turned by (odx, ody).
    right = wide / 2 - (matrix[0] * middle[0] + matrix[1] * middle[1])
    down = high / 2 - (matrix[2] * middle[0] + matrix[3] * middle[1])
    kind = image.interpretation
    made = image.affine(matrix, odx=right, ody=down, oarea=[0, 0, wide, high], extend="copy")
    return made.copy(interpretation=kind)


def _positive(image: Any, kind: str, small: Any) -> Any:
    """The negative inverted by its own base."""
    import pyvips

    table = negatives.table(_pixels(small), kind, 16 if image.format == "ushort" else 8)
    look = pyvips.Image.new_from_array(table)
    return image.maplut(look).copy(interpretation=image.interpretation)


def _small(image: Any) -> Any:
    scale = min(1.0, SIDE / max(image.width, image.height))
    return image.resize(scale, kernel="linear") if scale < 1 else image


def _pixels(image: Any) -> Any:
    return image.numpy().reshape(image.height, image.width, image.bands)
