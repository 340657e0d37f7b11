"""Curves as numbers for an SVG template: pure arithmetic, no drawing library."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT = 380, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 10, 10, 28
BESIDE, DIGIT = 14, 7  # room beside a label, and for each of its letters
MAX_POINTS = 300
LOOKS = ("", "second", "third", "fourth")

Point = tuple[float, float]
Lines = dict[str, list[Point]]


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Curve:
    """One line: its place among the lines decides its look, its label the legend."""

    label: str
    points: str
    last: Point
    value: float
    look: str

    @property
    def shown(self) -> str:
        return short(self.value)


@dataclass(frozen=True)
class Chart:
    title: str
    curves: list[Curve]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def summary(self) -> str:
        """What a reader who cannot see the curve needs to know."""
        ends = ", ".join(f"{curve.label} at {short(curve.value)}" for curve in self.curves)
        return f"{self.title}: {ends}"


def chart(title: str, series: Mapping[str, Sequence[Point]]) -> Chart | None:
    """Lines of (x, y) in one frame; None where there is nothing to draw."""
    drawn = {label: thin(points) for label, points in series.items() if points}
    if not drawn:
        return None
    xs = [x for points in drawn.values() for x, _ in points]
    ys = [y for points in drawn.values() for _, y in points]
    low_x, high_x = _spread(min(xs), max(xs))
    y_ticks = ticks(*_spread(min(ys), max(ys)))
    low_y, high_y = y_ticks[0], y_ticks[-1]
    y_labels = tick_labels(y_ticks)
    left = max(LEFT, BESIDE + DIGIT * max(map(len, y_labels)))

    def place(point: Point) -> Point:
        x = left + (point[0] - low_x) / (high_x - low_x) * (WIDTH - left - RIGHT)
        y = HEIGHT - BOTTOM - (point[1] - low_y) / (high_y - low_y) * (HEIGHT - TOP - BOTTOM)
        return round(x, 1), round(y, 1)

    curves = [
        _curve(label, points, [place(point) for point in points], LOOKS[number % len(LOOKS)])
        for number, (label, points) in enumerate(drawn.items())
    ]
    x_ticks = [value for value in ticks(low_x, high_x) if low_x <= value <= high_x]
    return Chart(
        title=title,
        left=left,
        curves=curves,
        x_ticks=[
            Tick(place((value, low_y))[0], label)
            for value, label in zip(x_ticks, tick_labels(x_ticks), strict=True)
        ],
        y_ticks=[
            Tick(place((low_x, value))[1], label)
            for value, label in zip(y_ticks, y_labels, strict=True)
        ],
    )


def _curve(label: str, points: Sequence[Point], placed: Sequence[Point], look: str) -> Curve:
    text = " ".join(f"{x:g},{y:g}" for x, y in placed)
    return Curve(label, text, placed[-1], points[-1][1], look)


def thin(points: Sequence[Point]) -> list[Point]:
    """At most 300 points: means of equal stretches of a long curve, its last point kept."""
    if len(points) <= MAX_POINTS:
        return list(points)
    size = math.ceil(len(points) / MAX_POINTS)
    stretches = [points[at : at + size] for at in range(0, len(points), size)]
    means = [
        (sum(x for x, _ in part) / len(part), sum(y for _, y in part) / len(part))
        for part in stretches
    ]
    return [*means[:-1], points[-1]]


def ticks(low: float, high: float, *, most: int = 5) -> list[float]:
    """Round values from at or below ``low`` to at or above ``high``."""
    raw = (high - low) / most
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= raw * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def tick_labels(values: Sequence[float]) -> list[str]:
    """As many digits as tell each tick from the next, the same for all: 0.9995, 1.0000.

    Beyond six places, or twelve digits in all, in powers of ten.
    """
    if not values:
        return []
    gap = min((b - a for a, b in pairwise(values)), default=abs(values[0])) or 1.0
    places = next((n for n in range(13) if _round_at(values, n, gap)), 12)
    largest = max(abs(value) for value in values)
    if places <= 6 and largest < 1e9:
        return [f"{value:,.{places}f}" for value in values]
    digits = max(0, math.floor(math.log10(largest)) - math.floor(math.log10(gap)) + 1)
    return [f"{value:.{digits}e}" for value in values]


def _round_at(values: Sequence[float], places: int, gap: float) -> bool:
    return all(abs(round(value, places) - value) < gap * 1e-6 for value in values)


def _spread(low: float, high: float) -> tuple[float, float]:
    """A range that is never empty."""
    if high - low > 1e-12 * max(1.0, abs(high)):
        return low, high
    room = abs(low) / 10 or 1.0
    return low - room, high + room


def short(value: float) -> str:
    """Three or four digits: 12,000 stays, 0.03141 becomes 0.0314."""
    if value == round(value) and abs(value) < 1e7:
        return f"{value:,.0f}"
    return f"{value:.3g}"
