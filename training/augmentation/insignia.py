"""Ribbons, stars, buttons and shoulder boards, drawn here so that no foreign picture is needed."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import Plane, cloud

Colour = NDArray[np.uint8]
Rng = np.random.Generator

# Cloth dyes of ribbons and the metals of uniforms, RGB.
DYES = (
    (168, 26, 38), (24, 58, 128), (232, 200, 64), (240, 236, 226), (24, 24, 28),
    (34, 96, 54), (226, 120, 36), (96, 40, 92), (120, 160, 200),
)  # fmt: skip
METALS = ((200, 164, 84), (178, 132, 66), (196, 198, 202))
CLOTHS = ((52, 58, 44), (34, 40, 62), (28, 28, 30), (196, 168, 92))


def add_insignia(photo: Colour, sitter: Plane, rng: Rng) -> Colour:
    """A portrait H x W x 3 with one to three pieces on chest or shoulders.

    `sitter` is the alpha of the person (H x W, 0..1): pieces show on the person only. They
    take the shading of the cloth below them, so folds and light carry over.
    """
    height, width = sitter.shape
    result = photo
    for _ in range(int(rng.integers(1, 4))):
        piece = PIECES[int(rng.integers(len(PIECES)))](rng, width * rng.uniform(0.05, 0.12))
        side = rng.choice((-1, 1)) * rng.uniform(0.22, 0.38)
        at = (rng.uniform(0.82, 0.96) * height, (0.5 + side) * width)
        result = _place(result, piece, at, sitter, rng)
    return result


def torso(shape: tuple[int, int]) -> Plane:
    """Where a sitter's chest is on most portraits, H x W in 0..1: for those whose ground cannot be
    keyed out. Soft at the sides, which are the ground's as often as a shoulder's."""
    height, width = shape
    across = np.abs(np.linspace(-1, 1, width, dtype=np.float32))[None]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    wide = np.clip(4.5 * (down - 0.62), 0, 0.9)  # shoulders open from below the chin
    return np.asarray(np.clip(12 * (wide - across), 0, 1), np.float32)


def in_uniform(photo: Colour, sitter: Plane, rng: Rng) -> Colour:
    """A portrait H x W x 3 whose clothes have the colour of a uniform; brightness stays.

    `sitter` is the alpha of the person (H x W, 0..1). Skin and light linen keep their colour;
    the chroma of dark cloth moves to the uniform's, in proportion to its brightness.
    """
    ycc = cv2.cvtColor(photo, cv2.COLOR_RGB2YCrCb).astype(np.float32)
    cloth = np.array([[CLOTHS[int(rng.integers(len(CLOTHS)))]]], np.uint8)
    wanted = cv2.cvtColor(cloth, cv2.COLOR_RGB2YCrCb).astype(np.float32)[0, 0]
    rows = np.linspace(0, 1, photo.shape[0], dtype=np.float32)[:, None]
    below = np.clip(12 * (rows - rng.uniform(0.6, 0.72)), 0, 1)
    dark = np.clip((140 - ycc[..., 0]) / 40, 0, 1)
    cover = cv2.GaussianBlur(below * dark * (1 - _skin(ycc)), (0, 0), 1.0)[..., None]
    cover = cover * sitter[..., None]
    strength = np.clip(ycc[..., :1] / max(float(wanted[0]), 16.0), 0.3, 1.0)
    chroma = 128 + (wanted[1:] - 128) * strength
    ycc[..., 1:] += cover * (chroma - ycc[..., 1:])
    levels = np.clip(np.rint(ycc), 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(levels, cv2.COLOR_YCrCb2RGB), np.uint8)


def _skin(ycc: NDArray[np.float32]) -> Plane:
    """1 where chroma is that of skin (Chai, Ngan 1999: Cr 133..173, Cb 77..127) and not dark."""
    red, blue = ycc[..., 1], ycc[..., 2]
    held = (red > 136) & (red < 173) & (blue > 77) & (blue < 124) & (ycc[..., 0] > 60)
    return np.asarray(cv2.GaussianBlur(held.astype(np.float32), (0, 0), 1.5), np.float32)


def _place(
    photo: Colour, piece: Colour, at: tuple[float, float], sitter: Plane, rng: Rng
) -> Colour:
    height, width = sitter.shape
    rows, columns = piece.shape[:2]
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), rng.uniform(-12, 12), 1.0)
    turn[:, 2] += (at[1] - columns / 2, at[0] - rows / 2)
    laid = cv2.warpAffine(piece, turn, (width, height), flags=cv2.INTER_LINEAR)
    cover = laid[..., 3:].astype(np.float32) / 255 * sitter[..., None]
    grey = photo.astype(np.float32).mean(axis=2)
    shade = cv2.GaussianBlur(grey, (0, 0), 0.02 * width)
    inside = cover[..., 0] > 0.5
    level = float(shade[inside].mean()) if inside.any() else 128.0
    light = np.clip(0.75 + 0.25 * shade / max(level, 8.0), 0.5, 1.4) * (0.6 + level / 320)
    colour = laid[..., :3].astype(np.float32) * light[..., None]
    mixed = photo * (1 - cover) + colour * cover
    return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)


def ribbon_bar(rng: Rng, size: float) -> Colour:
    """Rows of ribbons with symmetric stripes, RGBA, `size` px wide."""
    width = max(6, round(size))
    unit = max(3, round(width / rng.uniform(2.2, 3.5)))
    rows = int(rng.integers(1, 4))
    bar = np.zeros((rows * (unit // 2 + 1), width, 4), np.uint8)
    for row in range(rows):
        for left in range(0, width, unit):
            ribbon = _stripes(rng, max(2, min(unit, width - left) - 1))[: width - left]
            top = row * (unit // 2 + 1)
            bar[top : top + max(2, unit // 2), left : left + ribbon.shape[0], :3] = ribbon
            bar[top : top + max(2, unit // 2), left : left + ribbon.shape[0], 3] = 255
    return bar


def _stripes(rng: Rng, width: int) -> Colour:
    half = -(-width // 2)
    edges = np.sort(rng.integers(0, half + 1, int(rng.integers(0, 3))))
    picks = rng.integers(0, len(DYES), len(edges) + 1)
    left = np.array(DYES, np.uint8)[picks[np.searchsorted(edges, np.arange(half), "right")]]
    return np.concatenate([left, left[::-1]])[:width]


def star(rng: Rng, size: float) -> Colour:
    """A metal star or cross of four to eight rays, sometimes with an enamelled middle.

    S x S x 4 uint8 (RGBA), S between half of `size` and `size` px, at least 8.
    """
    side = max(8, round(size * rng.uniform(0.5, 1)))
    rays = int(rng.integers(4, 9))
    angles = np.linspace(0, 2 * np.pi, 2 * rays, endpoint=False) - np.pi / 2
    radii = np.where(np.arange(2 * rays) % 2, rng.uniform(0.3, 0.7), 1.0) * (side / 2 - 1)
    corners = side / 2 + radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    cover = np.zeros((side, side), np.uint8)
    cv2.fillPoly(cover, [np.rint(corners * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    piece = np.dstack([_metal(rng, (side, side)), cover])
    if rng.random() < 0.5:
        dye = tuple(int(value) for value in DYES[int(rng.integers(len(DYES)))])
        cv2.circle(piece, (side // 2, side // 2), max(1, side // 6), (*dye, 255), -1, cv2.LINE_AA)
    return piece


def button(rng: Rng, size: float) -> Colour:
    """A domed metal button, lit from above.

    S x S x 4 uint8 (RGBA), S between a quarter and half of `size` px, at least 5.
    """
    side = max(5, round(size * rng.uniform(0.25, 0.5)))
    cover = np.zeros((side, side), np.uint8)
    cv2.circle(cover, (side // 2, side // 2), side // 2 - 1, 255, -1, cv2.LINE_AA)
    return np.dstack([_metal(rng, (side, side)), cover])


def shoulder_board(rng: Rng, size: float) -> Colour:
    """A cloth board with piping and up to four small metal pips.

    H x W x 4 uint8 (RGBA), 0.6 by 1.4 of `size` px.
    """
    width, height = max(10, round(1.4 * size)), max(5, round(0.6 * size))
    cloth = np.array(CLOTHS[int(rng.integers(len(CLOTHS)))], np.float32)
    weave = cloth + rng.normal(0, 6, (height, width, 1))
    board = np.dstack([np.clip(weave, 0, 255), np.full((height, width), 255)]).astype(np.uint8)
    edge = DYES[int(rng.integers(len(DYES)))]
    cv2.rectangle(board, (0, 0), (width - 1, height - 1), (*edge, 255), max(1, height // 8))
    metal = METALS[int(rng.integers(len(METALS)))]
    for pip in range(int(rng.integers(0, 5))):
        centre = (int((pip + 1) * width / 6), height // 2)
        cv2.circle(board, centre, max(1, height // 7), (*metal, 255), -1, cv2.LINE_AA)
    return board


def _metal(rng: Rng, shape: tuple[int, int]) -> Colour:
    base = np.array(METALS[int(rng.integers(len(METALS)))], np.float32)
    light = np.linspace(1.25, 0.7, shape[0], dtype=np.float32)[:, None]
    shine = light + 0.15 * cloud(rng, shape, max(3.0, shape[0] / 3), 2)
    return np.clip(base * shine[..., None], 0, 255).astype(np.uint8)


PIECES = (ribbon_bar, star, button, shoulder_board)
