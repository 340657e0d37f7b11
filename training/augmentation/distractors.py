"""Things that look like damage and are not: as repeated or closed sets, never one lone line."""

import cv2
import numpy as np

from .cracks import coin
from .lookalikes.beds import scan_bed
from .lookalikes.clothes import garments, stripes
from .noise import Plane, ar1, cloud, log_uniform
from .strokes import soften, stroke

Rng = np.random.Generator


def add_structure(luma: Plane, rng: Rng) -> Plane:
    """The H x W picture with one drawn structure that must stay unlabelled."""
    draw = list(STRUCTURES)[int(rng.choice(len(STRUCTURES), p=SHARES))]
    return np.asarray(np.clip(draw(luma.copy(), rng), 0, 255), np.float32)


def _bars(luma: Plane, rng: Rng) -> Plane:
    """A fence, a window or blinds: regular bars with a lit and a dark edge."""
    height, width = luma.shape
    side = max(luma.shape)
    pitch, tone = log_uniform(rng, 8, max(12, side / 4)), rng.uniform(0, 255)
    thick = max(1, round(pitch * rng.uniform(0.1, 0.5)))
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
    columns = rng.normal(0.0, rng.uniform(0.5, 3), (1, luma.shape[1]))
    return np.asarray(luma + columns, np.float32)


def _planks(luma: Plane, rng: Rng) -> Plane:
    """Boards with a grain along them and dark or light gaps between."""
    turns = int(rng.integers(2))
    turned = np.rot90(luma, turns)
    height, width = turned.shape
    streaks = rng.standard_normal((max(2, height // int(rng.integers(12, 80))), width))
    streaks = cv2.resize(streaks.astype(np.float32), (width, height))
    streaks = cv2.GaussianBlur(streaks, (0, 0), sigmaX=rng.uniform(0.5, 1.6), sigmaY=1)
    pitch = log_uniform(rng, 12, 80)
    place = (np.arange(width) + rng.uniform(0, pitch) + 0.4 * ar1(rng, width, 0.98)) / pitch
    tones = rng.normal(0, 18, int(place.max()) + 2)[np.floor(place).astype(int)]
    gaps = np.abs(place - np.rint(place)) * pitch < rng.uniform(0.5, 2)
    boards = rng.uniform(8, 26) * streaks + (tones + rng.normal(0, 45) * gaps)[None, :]
    top, bottom = np.sort(rng.integers(0, height + 1, 2)) if rng.random() < 0.6 else (0, height)
    wooden = turned.astype(np.float32)
    wooden[top:bottom] = 0.3 * wooden[top:bottom] + 85 + boards[top:bottom]
    return np.ascontiguousarray(np.rot90(wooden, -turns))


def _strokes(luma: Plane, rng: Rng) -> Plane:
    """Grass, twigs, hair: so many short strokes of both signs that they are the subject."""
    height, width = luma.shape
    count = int(height * width / log_uniform(rng, 30, 250))
    heading, spread = rng.uniform(0, np.pi), rng.uniform(0.1, 0.7)
    angles = rng.normal(heading, spread, count)
    starts = rng.uniform(0, 1, (count, 2)) * (width, height * rng.uniform(0.3, 1))
    lengths = rng.uniform(4, log_uniform(rng, 8, 40), count)
    ends = starts + lengths[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    values = rng.integers(40, 216, count).tolist()
    points = np.rint(np.stack([starts, ends], axis=1) * 16).astype(int).tolist()
    field = np.full(luma.shape, 128, np.uint8)
    for (first, last), value in zip(points, values, strict=True):
        cv2.line(field, first, last, value, 1, cv2.LINE_AA, 4)
    return luma + (field.astype(np.float32) - 128) * np.float32(rng.uniform(0.3, 0.9))


def _horizon(luma: Plane, rng: Rng) -> Plane:
    """A burnt-out sky above, or a black crowd below, with a ragged edge: flat, but no hole."""
    height, width = luma.shape
    scale = rng.uniform(0.02, 0.2) * height
    edge = rng.uniform(0.15, 0.85) * height + scale * ar1(rng, width, rng.uniform(0.9, 0.995))
    below = np.clip(np.arange(height)[:, None] - edge[None, :] + 0.5, 0, 1)
    sky = rng.random() < 0.65
    tone = rng.uniform(215, 262) if sky else rng.uniform(-5, 40)
    flat = tone + rng.uniform(0, 6) * cloud(rng, luma.shape, 0.5 * height, 2)
    cover = cv2.GaussianBlur((1 - below if sky else below).astype(np.float32), (0, 0), 0.6)
    return np.asarray(luma + cover * (flat - luma), np.float32)


def _cloth(luma: Plane, rng: Rng) -> Plane:
    """Collars, sheets and signs: smooth-edged flat pieces, white or black, softly shaded."""
    height, width = luma.shape
    cover = np.zeros(luma.shape, np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        centre = rng.uniform(0, 1, 2) * (width, height)
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 6))))
        reach = log_uniform(rng, 0.04, 0.4) * width * rng.uniform(0.6, 1.2, len(angles))
        corners = centre + reach[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        cv2.fillPoly(cover, [np.rint(corners * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    tone = rng.uniform(205, 258) if rng.random() < 0.65 else rng.uniform(0, 45)
    shade = tone + rng.uniform(2, 14) * cloud(rng, luma.shape, 0.2 * width, 2)
    return luma + cover.astype(np.float32) / 255 * (shade - luma)


def _drawn_on(luma: Plane, cover: Plane, rng: Rng) -> Plane:
    """The cover as an object: a tone of its own, or lighter or darker than what is behind."""
    cover = soften(cover, rng.uniform(0.3, 1.0))
    if rng.random() < 0.4:
        tone = rng.uniform(170, 255) if rng.random() < 0.5 else rng.uniform(0, 80)
        return np.asarray(luma + cover * (tone - luma) * np.float32(rng.uniform(0.5, 1)))
    return np.asarray(luma + cover * np.float32(coin(rng) * log_uniform(rng, 20, 150)))


def _lattice(luma: Plane, rng: Rng) -> Plane:
    """Crossing sets of at least four lines each: nets, windows, tiles, fences."""
    shape = (luma.shape[0], luma.shape[1])
    side = max(shape)
    pitch = log_uniform(rng, 5, side / 4)
    width = min(log_uniform(rng, 1, 14), 0.5 * pitch)
    turn, cover = rng.uniform(0, np.pi), np.zeros(shape, np.float32)
    middle = np.array(shape[::-1]) / 2
    for angle in (turn, turn + np.pi / 2 + rng.normal(0, 0.1)):
        along = np.array([np.cos(angle), np.sin(angle)])
        across = np.array([-along[1], along[0]])
        for at in np.arange(-0.75 * side, 0.75 * side, pitch):
            ends = middle + at * across + np.outer([-1.5 * side, 1.5 * side], along)
            np.maximum(cover, stroke(shape, ends, width), out=cover)
    return _drawn_on(luma, cover, rng)


def _rims(luma: Plane, rng: Rng) -> Plane:
    """Closed thin outlines wholly inside: glasses, frames, buttons, hoops, plates."""
    shape = (luma.shape[0], luma.shape[1])
    cover = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(1, 5))):
        radii = np.array([log_uniform(rng, 0.04, 0.36), log_uniform(rng, 0.04, 0.36)]) * min(shape)
        centre = rng.uniform(0.1, 0.9, 2) * shape[::-1]
        radii = np.minimum(radii, np.minimum(centre, np.array(shape[::-1]) - centre) - 1)
        if radii.min() < 3:
            continue
        angles = np.linspace(0, 2 * np.pi, 60)
        if rng.random() < 0.4:
            angles = np.pi / 4 + np.arange(4) * np.pi / 2
            radii = radii * np.sqrt(2) * 0.7
        outline = centre + radii * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        width = min(log_uniform(rng, 1, 12), 0.4 * float(radii.min()))
        np.maximum(cover, stroke(shape, outline, width, closed=True), out=cover)
    return _drawn_on(luma, cover, rng)


def _fan(luma: Plane, rng: Rng) -> Plane:
    """Lines that meet: rigging, spokes, wires, rails; at least four, often joined by rungs."""
    shape = (luma.shape[0], luma.shape[1])
    side, width = max(shape), log_uniform(rng, 1, 7)
    point = rng.uniform(-0.3, 1.3, 2) * shape[::-1]
    towards = np.array(shape[::-1]) / 2 - point
    angles = np.arctan2(towards[1], towards[0]) + np.linspace(-0.7, 0.7, int(rng.integers(4, 11)))
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    cover = np.zeros(shape, np.float32)
    for ray in rays:
        np.maximum(
            cover, stroke(shape, np.stack([point, point + 2 * side * ray]), width), out=cover
        )
    if rng.random() < 0.5:
        for reach in np.linspace(0.2, 1.6, int(rng.integers(4, 10))) * side:
            rung = stroke(shape, point + reach * rays[[0, -1]], 0.7 * width)
            np.maximum(cover, rung, out=cover)
    return _drawn_on(luma, cover, rng)


# How often each comes: a network takes what people wear and what frames a scan for damage most.
STRUCTURES = {
    _bars: 1.0,
    _lattice: 1.0,
    _rims: 1.0,
    _fan: 1.0,
    _planks: 1.0,
    _strokes: 1.0,
    _weave: 1.0,
    _border: 1.0,
    _caption: 1.0,
    _column_noise: 1.0,
    _horizon: 1.0,
    _cloth: 1.0,
    stripes: 2.0,
    garments: 2.0,
    scan_bed: 3.0,
}
SHARES = np.array(list(STRUCTURES.values())) / sum(STRUCTURES.values())
