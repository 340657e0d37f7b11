"""A frame on a scan: what is cut out of it, straightened. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any, Self

STEEPEST = 45.0  # degrees: whoever wants more turns the scan by a quarter
LEAST = 0.02  # of a side of the scan
WRONG = (
    "A frame is ANGLE,X,Y,WIDTH,HEIGHT: degrees clockwise (-45 to 45), then its left, top, width "
    "and height in parts of the scan's sides (0 to 1), its middle on the scan."
)


@dataclass(frozen=True)
class Frame:
    """A rectangle in parts of the scan: turned by `angle` degrees clockwise about its middle."""

    angle: float
    x: float
    y: float
    width: float
    height: float

    def said(self) -> dict[str, float]:
        return {name: round(float(each), 5) for name, each in vars(self).items()}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """Of what `said` answers. Raises ValueError with a sentence."""
        try:
            if set(said) != set(NAMES):
                raise ValueError
            frame = cls(**{name: float(said[name]) for name in NAMES})
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(WRONG) from error
        if not frame._is_on_the_scan:
            raise ValueError(WRONG)
        return frame

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Of "ANGLE,X,Y,WIDTH,HEIGHT". Raises ValueError with a sentence."""
        parts = text.split(",")
        if len(parts) != len(NAMES):
            raise ValueError(WRONG)
        return cls.of(dict(zip(NAMES, parts, strict=True)))

    @property
    def _is_on_the_scan(self) -> bool:
        middle = self.x + self.width / 2, self.y + self.height / 2
        sides = self.width, self.height
        return (
            all(map(isfinite, vars(self).values()))
            and abs(self.angle) <= STEEPEST
            and all(LEAST <= side <= 1 for side in sides)
            and all(0 <= each <= 1 for each in middle)
        )


NAMES = tuple(field.name for field in fields(Frame))
WHOLE = Frame(0.0, 0.0, 0.0, 1.0, 1.0)
