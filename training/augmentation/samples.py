"""One training sample from one clean photo, for each of the three stages."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from photos.masks.classes import DEFECTS
from training.imaging.colour import luma as luma_of
from training.imaging.colour import rgb_to_ycbcr

from .ageing import Look, fade, scan, sepia
from .areas import mottle
from .copy_paste import Donor, transplant
from .defects import CREASES, WIDE, draw_kind, random_defects
from .distractors import add_structure
from .halftone import halftone
from .insignia import add_insignia, in_uniform, torso
from .landscapes import landscape
from .layers import HOLE, IGNORE, Layer, compose, label
from .media_presets import FILM, FILM_SHARE, PLATE, PRINT, Medium, draw_medium
from .noise import Plane, log_uniform
from .portraits import key_ground, painted_ground, replace_ground
from .textures import Textures

Bytes = NDArray[np.uint8]
Rng = np.random.Generator
CLEAN_SHARE = 0.2
STRUCTURE_SHARE = 0.27
CROSSED = 0.4  # share of damaged look-alikes that a crease crosses: it is found, they are not
ENLARGED, ENLARGED_SHARE = (1.4, 4.0), 0.33
PER_AREA = 192  # px: a picture of this side gets the damage that its medium names
INSIGNIA_SHARE, UNIFORM_SHARE = 0.2, 0.5
DONOR_SHARE = 0.5
COLOUR_SCALES = (0.5, 1.6)
HALFTONE_SHARE = 0.04


def segmentation_sample(
    photo: Bytes,
    *,
    size: int,
    rng: Rng,
    textures: Textures | None = None,
    faint: float = 0.5,
    film: float = FILM_SHARE,
    holes: float = 0.0,
    structures: float = STRUCTURE_SHARE,
    donors: Sequence[Donor] = (),
) -> tuple[Bytes, Bytes]:
    """(luma S x S, classes S x S) from an RGB photo H x W x 3.

    A fifth of the samples is clean. Damage is drawn by area and at every scale: a third of the
    pictures are drawn small and enlarged, as a finer scanner would have delivered them.
    `structures` is the share of pictures with something drawn that only looks like damage;
    `film` that of film among the media; `holes` that of damaged samples with one wide area more.
    Where there are `donors`, half of the damaged samples carry real damage of one of them.
    Half are transposed: film runs upright, but no direction may be a sign of damage.
    """
    medium = draw_medium(rng, film)
    shrink = log_uniform(rng, *ENLARGED) if rng.random() < ENLARGED_SHARE else 1.0
    side = max(32, int(np.ceil(size / shrink)))
    plane = _monochrome(crop(photo, side, rng, scales=medium.scales), rng)
    structured = rng.random() < structures
    if structured:
        plane = add_structure(plane, rng)
    layers: list[Layer] = []
    if rng.random() >= CLEAN_SHARE:
        layers = _damage(rng, plane, medium, shrink, textures, faint, donors)
        if holes and rng.random() < holes:
            layers += draw_kind(rng, plane.shape, WIDE, faint=faint, shrink=shrink)
        if structured and rng.random() < CROSSED:
            layers += draw_kind(rng, plane.shape, CREASES, faint=0.2, shrink=shrink)
    luma, classes = _age_and_damage(plane, layers, Look.draw(rng, medium), rng, size)
    if rng.random() < 0.5:
        return np.ascontiguousarray(luma.T), np.ascontiguousarray(classes.T)
    return luma, classes


def _damage(
    rng: Rng,
    plane: Plane,
    medium: Medium,
    shrink: float,
    textures: Textures | None,
    faint: float,
    donors: Sequence[Donor],
) -> list[Layer]:
    """Drawn or real damage, as much as the picture's area asks for."""
    shape = (plane.shape[0], plane.shape[1])
    layers: list[Layer] = []
    if len(donors) and rng.random() < DONOR_SHARE:
        layers += transplant(rng, shape[0], donors[int(rng.integers(len(donors)))])
    if not layers or rng.random() < 0.5:
        amount = shape[0] * shape[1] / PER_AREA**2
        layers += random_defects(
            rng, shape, medium, faint=faint, textures=textures, amount=amount, shrink=shrink
        )
    return layers


def damaged_more(
    luma: Bytes,
    classes: Bytes,
    *,
    rng: Rng,
    faint: float = 0.5,
    film: float = FILM_SHARE,
    holes: float = 0.0,
) -> tuple[Bytes, Bytes]:
    """Drawn damage on a picture that has labels already (both H x W): they join.

    So that "this picture was looked through" is never a sign that it is sound. `holes` is the
    share that gets one wide area more.
    """
    medium = draw_medium(rng, film)
    plane = luma.astype(np.float32)
    layers = _damage(rng, plane, medium, 1.0, None, faint, ())
    if holes and rng.random() < holes:
        layers += draw_kind(rng, plane.shape, WIDE, faint=faint)
    damaged = compose(plane, layers)
    drawn = label(plane, damaged, layers, noise=2.0)
    joined = classes | drawn
    decided = (drawn & DEFECTS) > 0  # what is drawn over an undecided place is decided
    joined[decided] &= ~np.uint8(IGNORE)
    return np.clip(np.rint(damaged), 0, 255).astype(np.uint8), np.asarray(joined, np.uint8)


def damage_photo(photo: Bytes, *, rng: Rng, strength: float = 1.0) -> tuple[Bytes, Bytes]:
    """(grey aged damaged picture H x W, classes H x W) of a whole RGB photo, at its own size."""
    plane = np.asarray(luma_of(photo), np.float32)
    medium = PRINT if rng.random() < 0.7 else PLATE
    amount = strength * max(1.0, np.sqrt(plane.size / 2e5))
    layers = random_defects(rng, plane.shape, medium, faint=0.35, amount=2 * amount)
    return _age_and_damage(plane, layers, Look.draw(rng, medium, min(strength, 1.0)), rng)


def damage_photo_lightly(photo: Bytes, *, rng: Rng, dense: bool) -> tuple[Bytes, Bytes]:
    """(grey damaged picture H x W, classes H x W) of a whole RGB photo: one to three defects.

    With `dense` as many as its medium has, up to full measure, wide areas and creases among them;
    half of the pictures are aged, and some get structures that are no damage.
    """
    medium = draw_medium(rng, 0.08)
    plane = _monochrome(photo, rng)
    shape = (plane.shape[0], plane.shape[1])
    layers: list[Layer] = []
    if dense:
        plane = add_structure(plane, rng) if rng.random() < STRUCTURE_SHARE else plane
        amount = plane.size / PER_AREA**2 * log_uniform(rng, 0.08, 1.0)
        layers += random_defects(rng, shape, medium, amount=amount)
    for _ in range(int(rng.integers(1, 4))):
        kinds = (WIDE, CREASES, PLATE.lines, PRINT.areas)[int(rng.integers(4))]
        layers += draw_kind(rng, shape, kinds, faint=0.35)
    if dense or rng.random() < 0.5:
        return _age_and_damage(plane, layers, Look.draw(rng, medium), rng)
    damaged = compose(plane, layers)
    bytes_ = np.clip(np.rint(damaged), 0, 255).astype(np.uint8)
    return bytes_, label(plane, damaged, layers, noise=2.0)


def damaged_by(photo: Bytes, kind: str, *, rng: Rng) -> tuple[Bytes, Bytes]:
    """(aged grey picture, classes) of a whole RGB photo with three defects of one kind alone.

    For measuring which kinds are found: kinds are the keys of `defects.KINDS`.

    `photo` is H x W x 3 uint8; the answers are H x W uint8, levels and class bits.
    """
    plane = np.asarray(luma_of(photo), np.float32)
    medium = FILM if kind == "verticals" else PLATE if rng.random() < 0.5 else PRINT
    layers: list[Layer] = []
    for _ in range(3):
        layers += draw_kind(rng, plane.shape, {kind: 1}, faint=0.5, amplitude=medium.amplitude)
    return _age_and_damage(plane, layers, Look.draw(rng, medium), rng)


def _age_and_damage(
    plane: Plane, layers: list[Layer], look: Look, rng: Rng, size: int | None = None
) -> tuple[Bytes, Bytes]:
    """The aged and damaged scan and its classes; enlarged to a square of `size` px first."""
    print_ = fade(plane, look, rng)
    if rng.random() < 0.3:
        print_ = compose(print_, mottle(rng, print_.shape))
    damaged = compose(print_, layers)
    classes = label(print_, damaged, layers, noise=look.grain * (1 + look.sharpen))
    if size and size != plane.shape[0]:
        damaged, classes = enlarged(damaged, size), resized_classes(classes, size)
    return scan(damaged, look, rng), classes


def enlarged(plane: Plane, size: int) -> Plane:
    """A plane at size x size px, bicubic."""
    return np.asarray(cv2.resize(plane, (size, size), interpolation=cv2.INTER_CUBIC))


def resized_classes(classes: Bytes, size: int) -> Bytes:
    """Class bits at size x size px: where half of a pixel is of the class, or a third when it
    shrinks, for thin lines would be gone."""
    shrinks = classes.shape[0] > size
    method, least = (cv2.INTER_AREA, 0.35) if shrinks else (cv2.INTER_LINEAR, 0.5)
    joined = np.zeros((size, size), np.uint8)
    for bit in (1 << place for place in range(8)):
        part = ((classes & bit) > 0).astype(np.float32)
        if part.any():
            joined[cv2.resize(part, (size, size), interpolation=method) > least] |= bit
    return joined


def inpainting_sample(
    photo: Bytes, *, size: int, rng: Rng, textures: Textures | None = None
) -> tuple[Bytes, Bytes]:
    """(RGB S x S x 3, mask S x S with 1 = hole); the hole covers 1 to 16 % of the picture.

    Half of the pictures are grey or sepia, and those carry a light scan look: the network
    must continue grain and fading, not clean them away.
    """
    rgb = crop(photo, size, rng)
    if rng.random() < 0.5:
        plane = fade(_monochrome(rgb, rng), look := Look.draw(rng, draw_medium(rng), 0.5), rng)
        grey = scan(plane, look, rng)
        rgb = sepia(grey, rng) if rng.random() < 0.5 else np.repeat(grey[..., None], 3, axis=2)
    return np.ascontiguousarray(rgb), hole_mask(rng, (size, size), textures=textures)


def hole_mask(
    rng: Rng,
    shape: tuple[int, int],
    *,
    textures: Textures | None = None,
    least: float = 0.01,
    most: float = 0.16,
) -> Bytes:
    """An H x W mask (1 = hole) of drawn defects that covers `least` to `most` of the picture."""
    goal = log_uniform(rng, least, most)
    mask = np.zeros(shape, np.uint8)
    for _ in range(60):
        if mask.mean() >= goal:
            break
        for layer in random_defects(
            rng, shape, draw_medium(rng), faint=0, textures=textures, amount=0
        ):
            grown = mask | _hole_of(layer, rng)
            mask = grown if grown.mean() <= most else mask
    if mask.mean() < least:
        mask[_square(rng, shape, least)] = 1
    return mask


def _hole_of(layer: Layer, rng: Rng) -> Bytes:
    if layer.relief or layer.bit == IGNORE:
        return np.zeros(layer.cover.shape, np.uint8)
    body = (layer.cover > 0.3).astype(np.uint8)
    reach = 1 + 2 * int(rng.integers(0, 3)) if layer.bit != HOLE else 3
    return np.asarray(cv2.dilate(body, np.ones((reach, reach), np.uint8)), np.uint8)


def _square(rng: Rng, shape: tuple[int, int], share: float) -> tuple[slice, slice]:
    side = int(np.ceil(np.sqrt(share * shape[0] * shape[1])))
    top, left = (int(rng.integers(0, max(1, length - side))) for length in shape)
    return slice(top, top + side), slice(left, left + side)


def colorization_sample(
    photo: Bytes,
    *,
    size: int,
    rng: Rng,
    scene: Callable[[Rng], Bytes] | None = None,
    portrait: bool = False,
) -> tuple[Bytes, Bytes]:
    """(graded luma S x S, clean YCbCr target S x S x 3): fade, blur and grain on the input only,
    seldom the dots of a printed picture.

    Half of the portraits with a plain ground get another one, or every ground turns blue: a
    painted cloth, or as often a piece of what `scene` draws, a landscape without it. Some of those,
    and of what is a `portrait` before any ground, also get a uniform's colour, ribbons, stars or
    buttons.
    """
    alpha = key_ground(photo) if rng.random() < 0.5 else None
    if alpha is None:
        if portrait:
            photo = _decorated(photo, torso(photo.shape[:2]), rng)
        rgb = crop(photo, size, rng, scales=COLOUR_SCALES)
    else:
        photo = _decorated(photo, alpha, rng)
        matte = np.clip(np.rint(alpha * 255), 0, 255).astype(np.uint8)
        cut = crop(np.dstack([photo, matte]), size, rng, scales=COLOUR_SCALES)
        sitter = cut[..., 3].astype(np.float32) / 255
        rgb = replace_ground(cut[..., :3], sitter, _ground(size, rng, scene))
    target = np.asarray(rgb_to_ycbcr(rgb), np.uint8)
    look = Look.draw(rng, draw_medium(rng), rng.uniform(0, 0.9))
    print_ = fade(target[..., 0].astype(np.float32), look, rng)
    if rng.random() < HALFTONE_SHARE:
        print_ = halftone(print_, rng)
    return scan(print_, look, rng), target


def _decorated(photo: Bytes, sitter: Plane, rng: Rng) -> Bytes:
    """Sometimes insignia on the sitter (alpha H x W, 0..1), half of those on a uniform."""
    if rng.random() >= INSIGNIA_SHARE:
        return photo
    if rng.random() < UNIFORM_SHARE:
        photo = in_uniform(photo, sitter, rng)
    return add_insignia(photo, sitter, rng)


def _ground(size: int, rng: Rng, scene: Callable[[Rng], Bytes] | None) -> Bytes:
    """What stands behind a sitter, S x S x 3: a scene, sharp or out of focus, or a cloth."""
    if rng.random() < 0.5:
        return painted_ground(rng, (size, size))
    if scene is None:
        return landscape(rng, (size, size))
    behind = crop(scene(rng), size, rng, scales=COLOUR_SCALES)
    return np.asarray(cv2.GaussianBlur(behind, (0, 0), rng.uniform(0.3, 5)), np.uint8)


def crop(photo: Bytes, size: int, rng: Rng, *, scales: tuple[float, float] = (0.55, 2.0)) -> Bytes:
    """A random S x S piece of H x W x 3 at a log-uniform scale, mirrored half of the time.

    A photo smaller than the piece is reflected out: enlarged, its grain and edges would be those
    of no photograph.
    """
    scale = max(log_uniform(rng, *scales), min(1.0, size / min(photo.shape[:2])))
    side = round(size / scale)
    photo = reflected(photo, side)
    height, width = photo.shape[:2]
    top, left = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
    piece = photo[top : top + side, left : left + side]
    if rng.random() < 0.5:
        piece = piece[:, ::-1]
    method = cv2.INTER_AREA if side > size else cv2.INTER_CUBIC
    return np.asarray(
        cv2.resize(np.ascontiguousarray(piece), (size, size), interpolation=method), np.uint8
    )


def reflected(photo: Bytes, side: int) -> Bytes:
    """H x W x C, grown by mirror images at the bottom and the right to at least `side` px."""
    below, right = (max(0, side - length) for length in photo.shape[:2])
    if not below and not right:
        return photo
    return np.pad(photo, ((0, below), (0, right), (0, 0)), mode="symmetric")


def _monochrome(rgb: Bytes, rng: Rng) -> Plane:
    """Luma, or what a plate blind to red would have seen (a third of the time)."""
    if rng.random() < 0.67:
        return np.asarray(luma_of(rgb), np.float32)
    weights = np.array([rng.uniform(0, 0.15), rng.uniform(0.3, 0.5), 0.0], np.float32)
    weights[2] = 1 - weights.sum()
    return np.asarray(rgb.astype(np.float32) @ weights, np.float32)
