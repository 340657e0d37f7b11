"""Things that look like damage and are not: bars, weaves, borders, captions."""

import cv2
import numpy as np

from .noise import Plane, ar1, log_uniform

Rng = np.random.Generator


def add_structure(luma: Plane, rng: Rng) -> Plane:
    """The H x W picture with one drawn structure that must stay unlabelled."""
    draw = (_bars, _weave, _border, _caption, _column_noise)[int(rng.integers(5))]
    return np.clip(draw(luma.copy(), rng), 0, 255).astype(np.float32)


def _bars(luma: Plane, rng: Rng) -> Plane:
    """A fence, a window or blinds: regular bars with a lit and a dark edge."""
    height, width = luma.shape
    pitch, tone = log_uniform(rng, 14, 90), rng.uniform(0, 255)
    thick = max(2, round(pitch * rng.uniform(0.12, 0.5)))
    slant = rng.normal(0, 0.03) if rng.random() < 0.8 else rng.uniform(-1, 1)
    upright = rng.random() < 0.6
    top, bottom = np.sort(rng.uniform(-0.2, 1.2, 2)) if rng.random() < 0.3 else (-0.2, 1.2)
    top, bottom = (end * (height if upright else width) for end in (top, bottom))
    cover = np.zeros(luma.shape, np.uint8)
    for at in np.arange(rng.uniform(0, pitch), (width if upright else height) * 1.3, pitch):
        ends = [(at, top), (at + slant * (bottom - top), bottom)]
        points = [(x, y) if upright else (y, x) for x, y in ends]
        first, last = [(int(x * 16), int(y * 16)) for x, y in points]
        cv2.line(cover, first, last, 255, thick, cv2.LINE_AA, 4)
    body = cover.astype(np.float32) / 255
    lit = np.roll(body, 1, int(upright)) - body
    bars = tone + 0.15 * (luma - 128)
    return luma + body * (bars - luma) + 40 * lit


def _weave(luma: Plane, rng: Rng) -> Plane:
    """Checked or striped cloth, gently bent, over a part of the picture."""
    height, width = luma.shape
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    turn, pitch = rng.uniform(0, np.pi), log_uniform(rng, 4, 24)
    bend = rng.uniform(0, 6) * np.sin(ys / rng.uniform(20, 80) + xs / rng.uniform(20, 80))
    along = np.cos(turn) * xs + np.sin(turn) * ys + bend
    across = -np.sin(turn) * xs + np.cos(turn) * ys + bend
    hard = rng.uniform(1, 8)
    stripes = np.tanh(hard * np.sin(2 * np.pi * along / pitch))
    if rng.random() < 0.6:
        stripes = stripes * np.tanh(hard * np.sin(2 * np.pi * across / pitch))
    cy, cx = rng.uniform(0, 1, 2) * (height, width)
    reach = rng.uniform(0.2, 0.6) * max(height, width)
    inside = 1 / (1 + np.exp((np.hypot(ys - cy, xs - cx) - reach) / 3))
    return np.asarray(luma + inside * stripes * rng.uniform(10, 70), np.float32)


def _border(luma: Plane, rng: Rng) -> Plane:
    """The white border of a print, or the black edge of a plate, slightly uneven."""
    _height, _width = luma.shape
    tone = rng.uniform(215, 250) if rng.random() < 0.6 else rng.uniform(0, 40)
    turns = int(rng.integers(4))
    turned = np.rot90(luma, turns)
    rows, columns = turned.shape
    edge = rng.uniform(0.02, 0.3) * rows + rng.normal(0, 0.01) * np.arange(columns)
    edge = edge + rng.uniform(0, 0.8) * ar1(rng, columns, 0.95)
    cover = np.clip(edge[None, :] - np.arange(rows)[:, None] + 0.5, 0, 1)
    framed = turned + cover * (tone - turned)
    return np.ascontiguousarray(np.rot90(framed, -turns)).astype(np.float32)


def _caption(luma: Plane, rng: Rng) -> Plane:
    """Numbers and words scratched or written on a plate."""
    height, width = luma.shape
    text = "".join(
        rng.choice(list("0123456789:.NoabcdehilmrstuA")) for _ in range(rng.integers(3, 9))
    )
    cover = np.zeros(luma.shape, np.uint8)
    at = (int(rng.uniform(-0.1, 0.6) * width), int(rng.uniform(0.1, 1.0) * height))
    face = cv2.FONT_HERSHEY_SCRIPT_SIMPLEX if rng.random() < 0.6 else cv2.FONT_HERSHEY_DUPLEX
    size, thick = rng.uniform(0.5, 2.2), int(rng.integers(1, 5))
    cv2.putText(cover, text, at, face, size, 255, thick, cv2.LINE_AA)
    tone = 250.0 if rng.random() < 0.7 else 10.0
    return luma + cover.astype(np.float32) / 255 * (tone - luma) * np.float32(0.9)


def _column_noise(luma: Plane, rng: Rng) -> Plane:
    """A scanner's faint columns: everywhere and below what anyone would paint."""
    columns = rng.normal(0.0, rng.uniform(0.5, 3), luma.shape[1])
    return np.asarray(luma + columns[None, :], np.float32)
