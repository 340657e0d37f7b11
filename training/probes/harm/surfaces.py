"""Surfaces that must stay: halftone, textured papers, brickwork, a printed page and a form."""

from __future__ import annotations

import cv2
import numpy as np
from skimage import data

from training.imaging.colour import luma
from training.probes.canvas import (
    Bytes,
    Canvas,
    Generator,
    Plane,
    grained,
    ground,
    painted,
    shown,
    smooth_noise,
)
from training.probes.harm.picture import HarmPicture
from training.probes.harm.text import SHAPE, letters


def pictures(rng: Generator) -> list[HarmPicture]:
    """Screens, papers and walls that fill the picture: grey, H x W uint8."""
    halftones = [_surface(f"halftone of {cell} px", _halftone(cell)) for cell in (4, 7)]
    papers = [
        _surface("laid paper", grained(rng, _laid(rng))),
        _surface("linen paper", grained(rng, _linen(rng))),
        _surface("pebbled paper", grained(rng, _pebbled(rng))),
        _surface("brickwork", np.asarray(data.brick(), np.uint8)),
        _surface("gravel", np.asarray(data.gravel(), np.uint8)),
    ]
    return [*halftones, *papers, _page(), _form(rng)]


def _surface(name: str, picture: Bytes) -> HarmPicture:
    """Nothing on it is damage: its own mask is all of it."""
    return HarmPicture(name, picture, np.ones(picture.shape[:2], bool), "surface")


def _halftone(cell: int) -> Bytes:
    """The packaged astronaut as a newspaper prints it: dots on a raster turned by 45 degrees."""
    grey = np.asarray(luma(data.astronaut()), np.float32)[:384, :384] / 255
    y, x = np.mgrid[: grey.shape[0], : grey.shape[1]].astype(np.float32)
    u, v = (x + y) * np.pi / cell / np.sqrt(2), (x - y) * np.pi / cell / np.sqrt(2)
    raster = (np.cos(u) * np.cos(v) + 1) / 2
    ink = 1 / (1 + np.exp(-(raster - (1 - grey) * 0.9 - 0.05) * 14))
    return np.asarray(np.clip(40 + 180 * ink, 0, 255), np.uint8)


def _laid(rng: Generator) -> Plane:
    """Close ribs one way, chain lines the other, as old writing paper."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    ribs = 4 * np.sin(2 * np.pi * y / 5.3) + 9 * (np.abs((x + 20) % 74 - 37) < 1.2)
    return np.asarray(ground(rng, SHAPE, 190, 5) - ribs, np.float32)


def _linen(rng: Generator) -> Plane:
    """A woven surface, as studios printed on."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    weave = np.sin(2 * np.pi * x / 6) * np.sin(2 * np.pi * y / 6)
    uneven = 1 + 0.4 * smooth_noise(rng, SHAPE, 8)
    return np.asarray(ground(rng, SHAPE, 140) + 9 * weave * uneven, np.float32)


def _pebbled(rng: Generator) -> Plane:
    """The silk or pebble finish of prints of the sixties, lit from one side."""
    height = smooth_noise(rng, SHAPE, 3)
    light = cv2.Sobel(height, cv2.CV_32F, 1, 1, ksize=3)
    return np.asarray(ground(rng, SHAPE, 130, 20) + 5 * light / max(light.std(), 1e-6), np.float32)


def _page() -> HarmPicture:
    """The packaged photograph of a book's page, at twice its size; its letters are the object."""
    page = np.asarray(data.page(), np.uint8)
    large = cv2.resize(page, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    around = cv2.blur(large.astype(np.float32), (41, 41))
    return HarmPicture("printed page", large, np.asarray(large < around - 18), "document")


def _form(rng: Generator) -> HarmPicture:
    """A ruled card filled in by hand: rules, boxes, a stamp's rim and writing."""
    rules = Canvas(SHAPE)
    for y in range(70, 360, 36):
        rules.line([(30, y), (480, y)], 1.4)
    for x in (30, 170, 480):
        rules.line([(x, 34), (x, 358)], 1.4)
    rules.ellipse((400, 290), (52, 52), 2.5)
    rules.ellipse((400, 290), (38, 38), 1.5)
    cover = rules.coverage()
    for row in range(7):
        y = 64 + 36 * row
        cover = np.maximum(cover, letters(f"{1874 + row}", "typewriter", 15, (44, y)))
        cover = np.maximum(cover, letters("Aug. Berg, Turku", "ink", 17, (190, y)))
    picture = grained(rng, painted(ground(rng, SHAPE, 200, 6), cover, 60))
    return HarmPicture("written form", picture, shown(cover), "document")
