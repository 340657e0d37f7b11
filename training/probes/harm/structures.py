"""Sets of lines and rims that must stay: fences, nets, blinds, rigging, wheels, whiskers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training.probes.canvas import Canvas, Generator, grained, ground, painted, shown
from training.probes.harm.picture import HarmPicture

SHAPE = (384, 512)
HEIGHT, WIDTH = SHAPE


def pictures(rng: Generator) -> list[HarmPicture]:
    """Each structure light on dark and dark on light."""
    found = []
    for name, draw in STRUCTURES.items():
        for sign, level, behind in (("dark", 45, 150), ("light", 215, 95)):
            canvas = Canvas(SHAPE)
            draw(rng, canvas)
            cover = canvas.coverage()
            plane = painted(ground(rng, SHAPE, behind), cover, level)
            found.append(HarmPicture(f"{name}, {sign}", grained(rng, plane), shown(cover)))
    return found


def pickets(rng: Generator, canvas: Canvas) -> None:
    """Pales with pointed tops on two rails, from near to far."""
    x, pitch = 12.0, rng.uniform(24, 30)
    while x < WIDTH - 10:
        wide, top = 0.42 * pitch, 90 + 0.15 * x
        tip = (x + wide / 2, top - 8)
        canvas.area([(x, top), tip, (x + wide, top), (x + wide, 330), (x, 330)])
        x += pitch
        pitch *= 0.985
    for y in (140, 280):
        canvas.line([(0, y), (WIDTH, y + 12)], 7)


def wire_fence(rng: Generator, canvas: Canvas) -> None:
    """Diamonds of wire between posts."""
    pitch = rng.uniform(20, 28)
    for offset in np.arange(-HEIGHT, WIDTH + HEIGHT, pitch):
        canvas.line([(offset, 40), (offset + 300, 340)], 1.6)
        canvas.line([(offset, 340), (offset + 300, 40)], 1.6)
    for x in (60, 260, 460):
        canvas.line([(x, 20), (x, 380)], 9)


def net(rng: Generator, canvas: Canvas) -> None:
    """A hanging fishing net: sagging threads both ways."""
    sag = rng.uniform(15, 30)
    along = np.linspace(0, 1, 40)
    for k in np.linspace(0, 1, 22):
        bend = sag * np.sin(np.pi * along)
        canvas.line(np.c_[WIDTH * along, 30 + 320 * k + bend * (1 - k) * 2], 1.3)
        canvas.line(np.c_[20 + 470 * k + bend * (0.5 - k), 30 + 350 * along], 1.3)


def blinds(rng: Generator, canvas: Canvas) -> None:
    """Slats of a window blind with their two cords."""
    pitch = rng.uniform(13, 17)
    for y in np.arange(30, 350, pitch):
        canvas.line([(60, y), (450, y + 4)], 0.4 * pitch)
    for x in (150, 360):
        canvas.line([(x, 20), (x, 360)], 1.5)


def rigging(rng: Generator, canvas: Canvas) -> None:
    """Shrouds that meet at a mast's top, crossed by ratlines; stays to both sides."""
    for mast in (170.0, 350.0):
        canvas.line([(mast, 10), (mast, 384)], 8)
        feet = mast + np.linspace(-70, 70, 8) + rng.uniform(-2, 2, 8)
        for foot in feet:
            canvas.line([(mast, 40), (foot, 370)], 1.8)
        for k in np.linspace(0.25, 0.95, 14):
            y = 40 + 330 * k
            canvas.line([(mast - 70 * k, y), (mast + 70 * k, y)], 1.3)
        for k in range(4):  # stays to a rail outside the shrouds
            rail = mast + (-1 if mast < 256 else 1) * (90 + 16 * k)
            canvas.line([(mast, 14 + 6 * k), (rail, 350)], 2.2)
    canvas.line([(170, 12), (350, 12)], 2.2)


def staves(rng: Generator, canvas: Canvas) -> None:
    """Written music: five lines at a time, with heads and stems."""
    for top in (50, 150, 250):
        for k in range(5):
            canvas.line([(30, top + 10 * k), (482, top + 10 * k)], 1.4)
        for x in np.arange(60.0, 470, rng.uniform(28, 40)).tolist():
            y = top + 5.0 * int(rng.integers(0, 9))
            canvas.ellipse((x, y), (6, 4.5), turn=-20)
            canvas.line([(x + 5.5, y - 2), (x + 5.5, y - 32)], 1.5)


def boards(rng: Generator, canvas: Canvas) -> None:
    """Gaps between boards of a wall, as a barrel's staves or a floor."""
    x = 0.0
    while x < WIDTH:
        x += rng.uniform(32, 42)
        down = np.linspace(-4, HEIGHT + 4, 9)
        canvas.line(np.c_[x + rng.normal(0, 0.4, 9), down], rng.uniform(1.6, 3.2))
    for y in (120, 260):
        canvas.line([(-4, y), (WIDTH + 4, y)], 2.4)


def wheels(rng: Generator, canvas: Canvas) -> None:
    """Spoked wheels, a cart's and a bicycle's."""
    for centre, radius, spokes, thick in (((140, 200), 110, 12, 5), ((370, 210), 105, 32, 1.3)):
        start = rng.uniform(0, 1)
        canvas.ellipse(centre, (radius, radius), thick + 3)
        canvas.ellipse(centre, (12, 12))
        for k in range(spokes):
            angle = 2 * np.pi * (k + start) / spokes
            rim = (centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle))
            canvas.line([centre, rim], thick)


def whiskers(rng: Generator, canvas: Canvas) -> None:
    """Fine tapering hairs from both sides of a muzzle."""
    for side in (-1, 1):
        for k in range(11):
            angle = np.deg2rad(-35 + 7 * k + rng.uniform(-2, 2))
            reach, bend = rng.uniform(110, 190), rng.uniform(10, 35)
            t = np.linspace(0, 1, 24)
            x = 256 + side * (28 + (k % 3) * 6 + t * reach * np.cos(angle))
            y = 190 + (k % 4) * 8 + t * reach * np.sin(angle) + bend * t**2
            for a in range(23):
                canvas.line([(x[a], y[a]), (x[a + 1], y[a + 1])], 2.0 - 1.1 * t[a])


def buttons(rng: Generator, canvas: Canvas) -> None:
    """Rows of buttons on a coat, with its seams' stitches."""
    for x, radius in ((150, 13), (256, 8), (362, 13)):
        for y in range(40, 370, 55):
            canvas.ellipse((x + rng.uniform(-1, 1), y), (radius, radius))
    for top in range(10, 380, 9):
        canvas.line([(60, top), (60, top + 5)], 1.6)
        canvas.line([(452, top), (452, top + 5)], 1.6)


def lace(rng: Generator, canvas: Canvas) -> None:
    """Rows of small arcs with eyelets, as at a collar."""
    pitch = rng.uniform(20, 25)
    for row, y in enumerate(np.arange(80, 300, pitch)):
        for x in np.arange(40 + (row % 2) * pitch / 2, 470, pitch):
            canvas.ellipse((x, y), (pitch / 2, pitch / 2), 1.6, arc=(0, 180))
            canvas.ellipse((x, y), (pitch / 6, pitch / 6), 1.3)


def lattice(rng: Generator, canvas: Canvas) -> None:
    """A window of small panes in a frame."""
    canvas.line([(90, 30), (420, 30), (420, 350), (90, 350)], 8, closed=True)
    pitch = rng.uniform(34, 42)
    for x in np.arange(90 + pitch, 415, pitch):
        canvas.line([(x, 30), (x, 350)], 2.6)
    for y in np.arange(30 + pitch, 345, pitch):
        canvas.line([(90, y), (420, y)], 2.6)


def branches(rng: Generator, canvas: Canvas) -> None:
    """A bare tree: a trunk that forks down to twigs, grown inside the picture."""
    twigs = [((256.0, 380.0), -np.pi / 2, 74.0, 9.0)]
    while twigs:
        (x, y), angle, length, wide = twigs.pop()
        end = (x + length * np.cos(angle), y + length * np.sin(angle))
        canvas.line([(x, y), end], wide)
        if length > 16:
            for turn in (-0.45, 0.4):
                bent = angle + turn + float(rng.uniform(-0.15, 0.15))
                twigs.append((end, bent, length * 0.8, max(1.2, wide * 0.68)))


STRUCTURES: dict[str, Callable[[Generator, Canvas], None]] = {
    "picket fence": pickets,
    "wire fence": wire_fence,
    "net": net,
    "blinds": blinds,
    "rigging": rigging,
    "staves": staves,
    "boards": boards,
    "wheels": wheels,
    "whiskers": whiskers,
    "buttons": buttons,
    "lace": lace,
    "lattice": lattice,
    "bare tree": branches,
}
