"""Windows of photos as training crops: anywhere, or around a defect that somebody painted."""

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import BITS, DEFECTS
from photos.masks.components import components
from training.imaging.colour import luma as luma_of

from .noise import log_uniform
from .samples import resized_classes

Bytes = NDArray[np.uint8]
AROUND = 0.7  # share of the cuts of painted photos that are laid around a defect
SCALES, RESCALED = (0.5, 3.0), 0.5  # painted photos are enlarged or shrunk, half of the time


def crop(picture: Bytes, size: int, rng: np.random.Generator, *others: Bytes) -> list[Bytes]:
    """The same random size x size px window of every picture, reflected out where one is small.

    Half of the time mirrored. H x W or H x W x C, all of one height and width.
    """
    height, width = picture.shape[:2]
    below, right = max(0, size - height), max(0, size - width)
    top = int(rng.integers(0, max(1, height - size + 1)))
    left = int(rng.integers(0, max(1, width - size + 1)))
    flip = rng.random() < 0.5
    answers = []
    for array in (picture, *others):
        edges = [(0, below), (0, right)] + [(0, 0)] * (array.ndim - 2)
        grown = np.pad(array, edges, mode="symmetric") if below or right else array
        cut = grown[top : top + size, left : left + size]
        answers.append(np.ascontiguousarray(cut[:, ::-1] if flip else cut))
    return answers


def painted_crop(
    photo: Bytes, mask: Bytes, size: int, rng: np.random.Generator
) -> tuple[Bytes, Bytes]:
    """(luma, class bits), both size x size uint8, of a window of a photo somebody painted.

    `photo` is H x W x 3 or luma H x W, uint8, `mask` H x W class bits. Most windows hold a defect.

    Enlarged or shrunk, turned and mirrored eight ways, lighter or darker, flatter or harder:
    painted photos are few.
    """
    scale = log_uniform(rng, *SCALES) if rng.random() < RESCALED else 1.0
    side = max(32, min(round(size / scale), max(size, *mask.shape)))
    if rng.random() < AROUND and (mask & DEFECTS).any():
        photo, mask = around_a_defect(photo, mask, side, rng)
    window, classes = crop(photo, side, rng, mask)
    luma = luma_plane(window)
    if side != size:
        luma, classes = resized(luma, size), resized_classes(classes, size)
    turns = int(rng.integers(4))
    luma = np.rot90(toned(luma, rng), turns)
    return np.ascontiguousarray(luma), np.ascontiguousarray(np.rot90(classes, turns))


def luma_plane(photo: Bytes) -> Bytes:
    """H x W luma of H x W x 3 RGB; H x W is luma already."""
    return photo if photo.ndim == 2 else np.asarray(luma_of(photo), np.uint8)


def resized(luma: Bytes, size: int) -> Bytes:
    """H x H grey to size x size, by area where it shrinks."""
    method = cv2.INTER_AREA if luma.shape[0] > size else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(luma, (size, size), interpolation=method), np.uint8)


def toned(luma: Bytes, rng: np.random.Generator) -> Bytes:
    """Another exposure of the same plate, uint8 to uint8: gamma, contrast and brightness anew."""
    gamma, contrast = np.exp(rng.uniform(-0.35, 0.35, 2))
    curve = 255 * (np.arange(256) / 255) ** gamma
    middle = curve[int(luma.mean())]
    curve = middle + contrast * (curve - middle) + rng.uniform(-20, 20)
    return np.asarray(np.clip(np.rint(curve), 0, 255).astype(np.uint8)[luma], np.uint8)


def around_a_defect(
    photo: Bytes, mask: Bytes, size: int, rng: np.random.Generator
) -> tuple[Bytes, Bytes]:
    """What a window of `size` px around one pixel of one defect can see.

    First a class, then a defect of it, then a pixel: one large hole is one defect, however many
    pixels it has.
    """
    present = [bit for bit in BITS.values() if (mask & bit).any()]
    part = (mask & present[int(rng.integers(len(present)))]) > 0
    count, labels = components(part.astype(np.uint8))
    places = np.flatnonzero(labels == rng.integers(1, count + 1))
    y, x = divmod(int(places[rng.integers(len(places))]), mask.shape[1])
    rows = slice(max(0, y - size + 1), y + size)
    columns = slice(max(0, x - size + 1), x + size)
    return photo[rows, columns], mask[rows, columns]
