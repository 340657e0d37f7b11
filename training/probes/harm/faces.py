"""Faces that must stay: the packaged astronaut, small and large, turned, in groups, in glasses."""

from __future__ import annotations

import cv2
import numpy as np
from skimage import data

from training.imaging.colour import luma
from training.probes.canvas import (
    Bytes,
    Canvas,
    Generator,
    Mask,
    Plane,
    grained,
    ground,
    painted,
    shown,
)
from training.probes.harm.picture import FacePlace, HarmPicture

# Where YuNet sees the face in skimage.data.astronaut(), px: its box and five landmarks.
CENTRE, WIDTH, HEIGHT = (223.8, 120.7), 91.4, 111.4
LANDMARKS = ((203.4, 103.6), (247.5, 104.4), (224.1, 127.7), (204.0, 143.1), (242.9, 143.7))
HEAD = ((222.0, 100.0), (80.0, 92.0))  # ellipse round hair and chin, px
BACKDROP = 192  # its grey level round the head: a wall of another would show a disc
SINGLE = (48, 72, 111, 200, 300, 400)
GROUPS = ((24, 24), (36, 12), (48, 9), (72, 6), (96, 4))  # height in px, heads
TURNS = (0.0, 15.0, -15.0)
GLASSES = (111, 200, 300)


def pictures(rng: Generator) -> list[HarmPicture]:
    """Heads drawn alone, in groups and with glasses: grey, H x W uint8."""
    single = [_portrait(rng, h, TURNS[i % 3]) for i, h in enumerate((*SINGLE, *SINGLE[2:]))]
    groups = [_group(rng, height, heads) for height, heads in GROUPS]
    worn = [_glasses(rng, h, level) for h in GLASSES for level in (30, 235)]
    return [*single, *groups, *worn]


def portrait(height: float, turn: float = 0.0) -> tuple[Bytes, FacePlace]:
    """The astronaut with a face `height` px high, upright or turned (degrees)."""
    scale = height / HEIGHT
    side = round(min(512 * scale, max(2.1 * height, 384)))
    centre = (min(side / 2, CENTRE[0] * scale), min(side / 2, CENTRE[1] * scale))
    source = np.asarray(luma(data.astronaut()), np.uint8)
    warp = _warp(scale, turn, centre)
    picture = cv2.warpAffine(_smoothed(source, scale), warp, (side, side), **_reading(scale))
    return np.asarray(picture, np.uint8), _place(warp, scale, turn)


def _portrait(rng: Generator, height: float, turn: float) -> HarmPicture:
    picture, place = portrait(height, turn)
    name = f"face {height:g} px" + (f" turned {turn:+g}" if turn else "")
    grey = grained(rng, picture.astype(np.float32), 2)
    return HarmPicture(name, grey, oval([place], _shape(picture)), "face", (place,))


def _group(rng: Generator, height: float, heads: int) -> HarmPicture:
    """Heads in rows before a wall, each turned and lit a little differently."""
    across = int(np.ceil(np.sqrt(heads * 1.5)))
    rows = -(-heads // across)
    shape = (round((rows * 2.3 + 0.4) * height), round((across * 2.1 + 0.4) * height))
    wall = ground(rng, shape, BACKDROP, 5)
    places = []
    for i in range(heads):
        x = (1.25 + 2.1 * (i % across) + rng.uniform(-0.12, 0.12)) * height
        y = (1.3 + 2.3 * (i // across) + rng.uniform(-0.12, 0.12)) * height
        place = _paste(wall, height, float(rng.uniform(-15, 15)), (x, y), rng.uniform(0.94, 1.04))
        places.append(place)
    picture = grained(rng, wall, 2)
    return HarmPicture(
        f"group of {heads}, {height} px", picture, oval(places, shape), "face", tuple(places)
    )


def _paste(
    wall: Plane, height: float, turn: float, centre: tuple[float, float], light: float
) -> FacePlace:
    """Lay one head onto the wall, in place; answers where its face is."""
    scale = height / HEIGHT
    source = np.asarray(luma(data.astronaut()), np.uint8)
    round_head = Canvas(_shape(source))
    round_head.ellipse(*HEAD)
    warp = _warp(scale, turn, centre)
    size = wall.shape[::-1]
    head = cv2.warpAffine(_smoothed(source, scale), warp, size, **_reading(scale))
    soft = cv2.GaussianBlur(round_head.coverage(), (0, 0), 8)
    over = cv2.warpAffine(soft, warp, size, flags=cv2.INTER_LINEAR)
    wall[:] = wall * (1 - over) + head.astype(np.float32) * np.float32(light) * over
    return _place(warp, scale, turn)


def _glasses(rng: Generator, height: float, level: float) -> HarmPicture:
    """Thin closed rims with bridge and sides, dark horn or bright wire."""
    picture, place = portrait(height)
    eyes = np.array(place.landmarks[:2])
    apart = float(np.linalg.norm(eyes[1] - eyes[0]))
    wire = max(1.2, 0.012 * height)
    canvas = Canvas(_shape(picture))
    for eye, side in zip(eyes, (-1, 1), strict=True):
        canvas.ellipse((eye[0], eye[1] + 0.06 * apart), (0.42 * apart, 0.36 * apart), wire)
        rim = eye + np.array([side * 0.42 * apart, 0])
        canvas.line([rim, rim + np.array([side * 0.25 * apart, -0.06 * apart])], wire)
    middle = eyes.mean(axis=0)
    canvas.ellipse(tuple(middle), (0.09 * apart, 0.07 * apart), wire, arc=(180, 360))
    cover = canvas.coverage()
    worn = grained(rng, painted(picture, cover, level), 2)
    name = f"glasses {'dark' if level < 128 else 'light'} on {height} px"
    return HarmPicture(name, worn, shown(cover), "glasses", (place,))


def oval(places: list[FacePlace], shape: tuple[int, int]) -> Mask:
    """H x W, True inside the ellipses of the faces' boxes."""
    canvas = Canvas(shape)
    for place in places:
        canvas.ellipse(place.centre, (place.width / 2, place.height / 2), turn=-place.turn)
    return np.asarray(canvas.coverage() > 0.5)


def _warp(scale: float, turn: float, centre: tuple[float, float]) -> Plane:
    """2 x 3: the source's face goes to `centre`, scaled and turned about itself."""
    warp = cv2.getRotationMatrix2D(CENTRE, turn, scale)
    warp[:, 2] += np.array(centre) - np.array(CENTRE)
    return np.asarray(warp, np.float32)


def _place(warp: Plane, scale: float, turn: float) -> FacePlace:
    points = np.array([CENTRE, *LANDMARKS]) @ warp[:, :2].T + warp[:, 2]
    centre, *marks = [(float(x), float(y)) for x, y in points]
    return FacePlace(centre, WIDTH * scale, HEIGHT * scale, turn, tuple(marks))


def _smoothed(source: Bytes, scale: float) -> Bytes:
    """Blurred before it is shrunk, so that hair does not alias."""
    return source if scale >= 1 else cv2.GaussianBlur(source, (0, 0), 0.45 / scale)


def _reading(scale: float) -> dict[str, int]:
    flags = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR
    return {"flags": flags, "borderMode": cv2.BORDER_REFLECT_101}


def _shape(plane: Bytes) -> tuple[int, int]:
    return int(plane.shape[0]), int(plane.shape[1])
