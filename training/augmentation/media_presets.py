"""What a picture was made on decides how it aged: film, glass plate or paper print."""

from dataclasses import dataclass

import numpy as np

Range = tuple[float, float]


@dataclass(frozen=True)
class Medium:
    """Weights of the kinds of defect and the ranges of the scan look (levels, px).

    `lines` and `areas` name kinds of defects.py. `extra_lines` is the mean number of lines
    beyond the first; `area_chance` how often an area joins them, `dense_chance` how often a
    texture of damage does. White above 255 is a scan that clips its lights.
    """

    name: str
    lines: dict[str, float]
    areas: dict[str, float]
    extra_lines: float
    area_chance: float
    dense_chance: float
    amplitude: Range
    fade: float
    gamma: Range
    white: Range
    soften: Range
    grain: Range
    grain_blur: Range
    paper_chance: float
    sharpen_chance: float
    scales: Range


# Measured on scratched frames of the 1930s: mean 40 to 80 levels, lines of +3 to +18 levels
# and 1 to 4 px, grain of 2 levels, and no detail finer than 3 px.
FILM = Medium(
    name="film",
    lines={"verticals": 0.8, "scratch": 0.12, "hairs": 0.05, "fracture": 0.03},
    areas={"dust": 0.9, "scuff": 0.1},
    extra_lines=0.5,
    area_chance=0.6,
    dense_chance=0.0,
    amplitude=(5, 45),
    fade=0.25,
    gamma=(0.8, 1.9),
    white=(130, 270),
    soften=(0.6, 1.7),
    grain=(0.5, 4),
    grain_blur=(0.5, 1.3),
    paper_chance=0.0,
    sharpen_chance=0.15,
    scales=(0.8, 2.4),
)
PLATE = Medium(
    name="plate",
    lines={
        "crack": 0.3,
        "fracture": 0.25,
        "scratch": 0.2,
        "hairs": 0.15,
        "tear": 0.05,
        "verticals": 0.05,
    },
    areas={
        "dust": 0.4,
        "spots": 0.2,
        "scuff": 0.1,
        "hole": 0.15,
        "pin_holes": 0.05,
        "stain": 0.05,
        "torn_corner": 0.05,
        "loss": 0.1,
        "rubbed": 0.05,
        "drop": 0.05,
    },
    extra_lines=0.7,
    area_chance=0.6,
    dense_chance=0.15,
    amplitude=(9, 70),
    fade=0.35,
    gamma=(0.7, 1.5),
    white=(190, 330),
    soften=(0.0, 0.9),
    grain=(0.6, 5),
    grain_blur=(0.0, 1.0),
    paper_chance=0.1,
    sharpen_chance=0.5,
    scales=(0.5, 3.0),
)
PRINT = Medium(
    name="print",
    lines={
        "crack": 0.32,
        "fold": 0.22,
        "fracture": 0.12,
        "tear": 0.12,
        "scratch": 0.1,
        "hairs": 0.06,
        "handling": 0.06,
    },
    areas={
        "dust": 0.15,
        "spots": 0.25,
        "scuff": 0.15,
        "stain": 0.08,
        "hole": 0.12,
        "pin_holes": 0.05,
        "torn_corner": 0.1,
        "torn_edge": 0.1,
        "loss": 0.2,
        "rubbed": 0.1,
        "drop": 0.08,
    },
    extra_lines=0.7,
    area_chance=0.6,
    dense_chance=0.25,
    amplitude=(12, 75),
    fade=1.0,
    gamma=(0.7, 1.4),
    white=(150, 270),
    soften=(0.3, 1.2),
    grain=(0.8, 8),
    grain_blur=(0.0, 1.1),
    paper_chance=0.7,
    sharpen_chance=0.3,
    scales=(0.5, 4.0),
)
FILM_SHARE = 0.24


def draw_medium(rng: np.random.Generator, film: float = FILM_SHARE) -> Medium:
    """One medium: film with the probability `film`, plate and print share the rest."""
    rest = (1 - film) / 2
    return (FILM, PLATE, PRINT)[int(rng.choice(3, p=(film, rest, rest)))]
