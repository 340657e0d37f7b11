"""What a photograph's own histogram says of its fading: curves for its luma and its channels.

Levels by robust percentiles, each brought to where sound photographs have it (medians of the
training pictures); a power between them that moves the median a part of the way to theirs. A grey
print's channels all go to one tone, which takes the tint of paper and shadows with it; in a
colour print each dye has faded by itself, and what its levels differ by is partly the picture's.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.engine.colourful import chroma_residual
from pipeline.engine.pixels import Picture, peak
from pipeline.engine.tones.curves import Knots, levels_curve
from pipeline.engine.tones.extent import photograph
from training.imaging.colour import rgb_to_ycbcr

SIDE = 640  # px: dust is averaged away, and it takes milliseconds
LOW, HIGH = 0.3, 99.7  # percent: the photograph's black and white
SOUND = (0.05, 0.92)  # where sound photographs have these two
MIDDLE, TRUSTED = 0.46, 0.25  # their median, and how far ours is moved there
POWERS = (0.6, 1.6)
EDGE = 0.004  # of 0..1: black and white leave their curve room to run to its ends
MOST_GAIN = 3.0  # more stretching shows noise and steps of 8 bits
# Faded is where not even a few pixels are black or white, in luma and in every channel: fog has
# its few, a room at night its lamps, and what is of one hue the ends of one channel. Levels: from
# where a picture may be faded, and from where it surely is.
ENDS = (0.05, 99.95)  # percent
BLACK_FADED, WHITE_FADED = (24.0, 28.0), (208.0, 203.0)
CHANNEL_BLACK, CHANNEL_WHITE = (11.0, 15.0), (220.0, 216.0)
ONE_HUE = 2.3  # levels of chroma beside one hue for each luma, at a range of RANGE levels
RANGE = 200.0
TINTED = (4.0, 7.0)  # levels of mean chroma: from where, and from where surely
TINT_SHARE = 10.0  # percent of the pixels that are shadows, and that are paper
PALEST, DEEPEST = 0.8, 48.0  # levels of a tint's chroma in either
Goal = tuple[float, float]  # the levels 0..1 that black and white go to
DYES = (0.9, 0.8)  # of a channel's difference from luma, taken at black and at white


@dataclass(frozen=True)
class Tones:
    """The curves of one photograph, each as knots of 0..1 that rise."""

    faded: float
    """The strength 0..1 that its black and white call for."""
    tinted: float
    """The strength 0..1 that a grey print's tint calls for."""
    grey: bool
    """A print in black and white, whatever its tint."""
    luma: Knots
    channels: tuple[Knots, Knots, Knots]
    black: float
    white: float
    """Levels of 255 of what was measured."""
    tint: float
    """Mean chroma of a grey print, levels of 255; 0 of a picture in colour."""

    def auto(self, keep_sepia: bool = False) -> float:
        """The strength 0..1 that suits it; 0: its tones are fine already."""
        return self.faded if keep_sepia else max(self.faded, self.tinted)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Of a report; ValueError or TypeError on what is none."""
        return cls(**kept)


def measured(image: Picture) -> Tones:
    """The tones of a picture, H x W or H x W x 3, uint8 or uint16."""
    small = _small(image)
    ycc = rgb_to_ycbcr(small)
    inside = photograph(np.ascontiguousarray(ycc[..., 0]))
    pixels, y, chroma = small[inside], ycc[..., 0][inside], ycc[..., 1:][inside] - 128
    whole = _levels(y)
    goal = (min(SOUND[0], float(whole[0]) / 255), max(SOUND[1], float(whole[2]) / 255))
    spread = chroma_residual(image) * RANGE / max(float(whole[2] - whole[0]), 1.0)
    grey = spread <= ONE_HUE
    tint = float(np.hypot(chroma[:, 0], chroma[:, 1]).mean()) if grey else 0.0
    return Tones(
        faded=_faded(y, pixels),
        tinted=_ramp(tint, *TINTED) if grey and _warm(y, chroma) else 0.0,
        grey=grey,
        luma=_knots(whole, goal),
        channels=_channels(pixels, whole, grey, goal),
        black=round(float(whole[0]), 1),
        white=round(float(whole[2]), 1),
        tint=round(tint, 1),
    )


def _small(image: Picture) -> NDArray[np.float32]:
    """H x W x 3 in levels 0..255, at most SIDE px long."""
    scale = min(1.0, SIDE / max(image.shape[:2]))
    size = tuple(max(1, round(side * scale)) for side in image.shape[1::-1])
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    small *= np.float32(255 / peak(image))
    return small if small.ndim == 3 else np.repeat(small[..., None], 3, axis=2)


def _levels(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """(3,): black, median and white of N values, levels 0..255."""
    return np.asarray(np.percentile(values, (LOW, 50, HIGH)), np.float64)


def _faded(y: NDArray[np.float32], pixels: NDArray[np.float32]) -> float:
    """The least that any end of luma or of a channel says."""
    black, white = np.percentile(y, ENDS)
    ends = np.percentile(pixels, ENDS, axis=0)
    return min(
        _ramp(black, *BLACK_FADED),
        _ramp(white, *WHITE_FADED),
        _ramp(ends[0].min(), *CHANNEL_BLACK),
        _ramp(ends[1].max(), *CHANNEL_WHITE),
    )


def _warm(y: NDArray[np.float32], chroma: NDArray[np.float32]) -> bool:
    """Are shadows and paper both yellow to magenta, as age and toning leave them?"""
    dark, bright = np.percentile(y, (TINT_SHARE, 100 - TINT_SHARE))
    ends = [chroma[y <= dark].mean(axis=0), chroma[y >= bright].mean(axis=0)]
    return all(blue < -PALEST and red > 0 and np.hypot(blue, red) <= DEEPEST for blue, red in ends)


def _ramp(value: float, start: float, sure: float) -> float:
    """0 up to `start`, 1 from `sure` on; they may fall."""
    return round(float(np.clip((value - start) / (sure - start), 0, 1)), 3)


def _channels(
    pixels: NDArray[np.float32], whole: NDArray[np.float64], grey: bool, goal: Goal
) -> tuple[Knots, Knots, Knots]:
    """A grey print's medians all go where luma's goes; in a colour print each keeps its share."""
    found = [_levels(pixels[:, channel]) for channel in range(3)]
    middle = _middle(whole, goal)
    if not grey:
        found = [_dyed(each, whole) for each in found]
    red, green, blue = (_knots(each, goal, middle) for each in found)
    return red, green, blue


def _dyed(channel: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """A channel's black and white, drawn towards luma's; its median where luma's lies between."""
    black = whole[0] + DYES[0] * (channel[0] - whole[0])
    white = whole[2] + DYES[1] * (channel[2] - whole[2])
    share = (whole[1] - whole[0]) / max(whole[2] - whole[0], 1e-3)
    return np.array([black, black + share * (white - black), white])


def _middle(levels: NDArray[np.float64], goal: Goal) -> float:
    """Where the median goes, as a share 0..1 between the two levels of `goal`."""
    black, white = _stretchable(levels, goal)
    place = _place(levels, black, white)
    return place + TRUSTED * ((MIDDLE - goal[0]) / (goal[1] - goal[0]) - place)


def _place(levels: NDArray[np.float64], black: float, white: float) -> float:
    """Of the median between black and white, a share 0..1."""
    return float(np.clip((levels[1] / 255 - black) / (white - black), 0.05, 0.95))


def _knots(levels: NDArray[np.float64], goal: Goal, middle: float | None = None) -> Knots:
    """From black, median and white in levels to `goal` and the share `middle` between."""
    black, white = _stretchable(levels, goal)
    wanted = _middle(levels, goal) if middle is None else middle
    place = _place(levels, black, white)
    exponent = float(np.clip(np.log(np.clip(wanted, 0.05, 0.95)) / np.log(place), *POWERS))
    return levels_curve(black, white, exponent, goal)


def _stretchable(levels: NDArray[np.float64], goal: Goal) -> tuple[float, float]:
    """Black and white as 0..1, far enough apart for MOST_GAIN, and inside the ends."""
    black, white = float(levels[0]) / 255, float(levels[2]) / 255
    least = (goal[1] - goal[0]) / MOST_GAIN
    if white - black < least:
        centre = float(np.clip((white + black) / 2, least / 2, 1 - least / 2))
        black, white = centre - least / 2, centre + least / 2
    return max(black, EDGE), min(white, 1 - EDGE)
