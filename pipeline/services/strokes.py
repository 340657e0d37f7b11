"""Fill around the last stroke of whoever corrects a mask: asked for, computed, kept, forgotten.

A look, not a result: only what lies around the stroke is filled, large areas on a smaller copy.
Any worker may do it; nothing is decoded beyond the stroke's own window.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from annotate.services.mask_storage import MEDIA_TYPE
from config.errors import Refused
from config.words.said import said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Job, Queue
from photos import storage
from photos.masks.arrays import Mask
from photos.masks.classes import DEFECTS, IGNORE
from photos.masks.tiles import TILE, PackedTiles, read_packed
from photos.models import Blob, Photo
from pipeline.imageio import encode
from pipeline.models import Restoration, Stroke
from pipeline.services import render_plan
from pipeline.services.progress.steps import of_engine
from pipeline.services.rendering.model_loading import open_version

MARGIN = 96  # px of surroundings that filling sees
# What is filled at full size: above either, a copy is halved until it fits, so that an answer
# takes a second or two whatever was painted.
MAX_MARKED_PX, MAX_WINDOW_PX = 6_000, 1_500_000  # px

Picture = NDArray[Any]
Fill = Callable[[Picture, Mask], Picture]


@dataclass(frozen=True)
class Box:
    """A part of the photo, in px."""

    x: int
    y: int
    width: int
    height: int

    @property
    def said(self) -> list[int]:
        return [self.x, self.y, self.width, self.height]

    @property
    def window(self) -> tuple[slice, slice]:
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    def grown(self, margin: int, photo: Photo) -> "Box":
        left, top = max(0, self.x - margin), max(0, self.y - margin)
        right = min(photo.width, self.x + self.width + margin)
        bottom = min(photo.height, self.y + self.height + margin)
        return Box(left, top, right - left, bottom - top)

    def inside(self, other: "Box") -> tuple[slice, slice]:
        """Its rows and columns in a picture of `other`."""
        return Box(self.x - other.x, self.y - other.y, self.width, self.height).window


def fill_later(restoration: Restoration, body: bytes) -> Stroke:
    """Queues the look at a stroke (painter's tiles). Raises ValueError on what is no stroke."""
    if restoration.mask is None:
        raise Refused("There is no mask to correct yet: wait until the restoration is done.")
    region_of(restoration.photo, read(restoration.photo, body))
    marks = storage.put(body, MEDIA_TYPE)
    with transaction.atomic():
        stroke = Stroke(restoration=restoration, marks=marks)
        _queue(stroke)
        stroke.save(force_insert=True)
    return stroke


def _queue(row: Stroke) -> None:
    filling = stroke.using(title=said("job.stroke"), created_by=row.restoration.owner)
    row.job = filling.later(stroke=str(row.pk))


@job(Precedence.VISITOR, queue=Queue.QUICK, max_attempts=1)
def stroke(work: Work, stroke: str) -> None:
    """A look at what a stroke on a mask under correction would fill; an erased one has none."""
    from pipeline.engine.inpainting import fill_marks

    row = Stroke.objects.select_related("restoration__photo", "marks").filter(pk=stroke).first()
    if row is None:
        return
    plan = render_plan.plan_for(row.restoration.photo, row.restoration.chosen)
    render_plan.check_complete(plan)
    network = open_version(plan.versions["inpainting"])

    def fill(image: NDArray[Any], bits: NDArray[np.uint8]) -> NDArray[Any]:
        grain = np.random.default_rng(plan.seed) if plan.settings.grain else None
        return fill_marks(
            image, bits, network, grain=grain, progress=of_engine(work.progress)
        ).image

    box, pixels, reduced = fill_around(row.restoration, row, fill)
    picture = written(pixels)
    with work.finished():
        keep(row, box, picture, reduced)


def read(photo: Photo, body: bytes) -> PackedTiles:
    return read_packed(body, width=photo.width, height=photo.height)


def region_of(photo: Photo, tiles: PackedTiles) -> Box:
    """Where the stroke is to be filled. Raises ValueError where that is nowhere."""
    rows: list[int] = []
    columns: list[int] = []
    for (tx, ty), tile in tiles.items():
        if tile.bits & IGNORE:
            y, x = np.nonzero(tile.unpack() & IGNORE)
            rows += [int(y.min()) + ty * TILE, int(y.max()) + ty * TILE]
            columns += [int(x.min()) + tx * TILE, int(x.max()) + tx * TILE]
    right, bottom = min(max(columns, default=-1) + 1, photo.width), max(rows, default=-1) + 1
    left, top, bottom = min(columns, default=0), min(rows, default=0), min(bottom, photo.height)
    if right <= left or bottom <= top:
        raise ValueError("The stroke says nowhere that it is to be filled.")
    return Box(left, top, right - left, bottom - top)


def fill_around(restoration: Restoration, stroke: Stroke, fill: Fill) -> tuple[Box, Picture, int]:
    """(the stroke's box, its pixels H x W x 4 of 8 bits, how often smaller they were filled).

    `fill` is given the picture and its class bits and answers the picture with them filled. The
    fourth channel is 255 where something was filled, and 0 where the photo is as it was.
    """
    photo = restoration.photo
    tiles = read(photo, storage.read(_kept(stroke.marks)))
    box = region_of(photo, tiles)
    seen = box.grown(MARGIN, photo)
    planes = _plane(tiles, seen)
    marks = np.asarray(planes & np.uint8(DEFECTS), np.uint8)
    image = _part(_kept(photo.working), seen)
    step = reduction(marks)
    filled, changed = _filled(image, marks, step, fill)
    changed &= (planes & IGNORE) > 0
    pixels = np.dstack([filled, np.where(changed, np.uint8(255), np.uint8(0))])
    return box, np.ascontiguousarray(pixels[box.inside(seen)]), step


def reduction(marks: Mask) -> int:
    """1 where these marks (H x W) are filled at their size, else 2, 4 ..."""
    step, marked = 1, int(np.count_nonzero(marks))
    while marked / step**2 > MAX_MARKED_PX or marks.size / step**2 > MAX_WINDOW_PX:
        step *= 2
    return step


def _filled(
    image: Picture, marks: Mask, step: int, fill: Fill
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """(H x W x 3 of 8 bits, what has changed of it)."""
    small, few = _shrunk(image, marks, step)
    after = fill(small, few)
    differs = (after != small) if small.ndim == 2 else (after != small).any(axis=2)
    changed = (differs | (few > 0)).astype(np.uint8)
    if step > 1:
        size = (small.shape[1] * step, small.shape[0] * step)
        after = cv2.resize(after, size, interpolation=cv2.INTER_CUBIC)
        changed = cv2.resize(changed, size, interpolation=cv2.INTER_NEAREST)
    height, width = marks.shape
    seen = encode.eight_bits(after[:height, :width])
    colours = seen if seen.ndim == 3 else np.repeat(seen[..., None], 3, axis=2)
    return colours, (changed[:height, :width] > 0) | (marks > 0)


def _shrunk(image: Picture, marks: Mask, step: int) -> tuple[Picture, Mask]:
    """By the mean of the picture's blocks and the strongest of the marks': a thin one stays."""
    if step == 1:
        return image, marks
    beyond = [(0, -side % step) for side in marks.shape]
    whole = np.pad(image, [*beyond, *[(0, 0)] * (image.ndim - 2)], mode="edge")
    height, width = (side // step for side in whole.shape[:2])
    small = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    blocks = np.pad(marks, beyond).reshape(height, step, width, step)
    return small, np.asarray(blocks.max(axis=(1, 3)), np.uint8)


def _plane(tiles: PackedTiles, box: Box) -> Mask:
    """What the tiles hold inside a box: a scan's whole mask is not assembled for a stroke."""
    plane = np.zeros((box.height, box.width), np.uint8)
    for (tx, ty), tile in tiles.items():
        left, top = tx * TILE - box.x, ty * TILE - box.y
        across = slice(max(0, left), min(box.width, left + TILE))
        down = slice(max(0, top), min(box.height, top + TILE))
        if tile.bits and across.start < across.stop and down.start < down.stop:
            part = tile.unpack()[down.start - top : down.stop - top]
            plane[down, across] = part[:, across.start - left : across.stop - left]
    return plane


def _part(blob: Blob, box: Box) -> Picture:
    """The box of one of our PNGs; rows below it are not decoded."""
    import pyvips

    with storage.local_file(blob) as path:
        image = pyvips.Image.pngload(str(path), access="sequential")
        pixels: Picture = image.crop(box.x, box.y, box.width, box.height).numpy()
    return pixels


def _kept(blob: Blob | None) -> Blob:
    if blob is None:
        raise Refused(said("restore.no-file"))
    return blob


def written(pixels: Picture) -> Blob:
    """Before the transaction that ends the job: no transaction waits for a disk."""
    return storage.put(encode.rgba(pixels), "image/png")


def keep(stroke: Stroke, box: Box, picture: Blob, step: int) -> None:
    """Inside that transaction; of an erased photo nothing is kept."""
    stroke.restoration.photo.hold_unerased()
    Stroke.objects.filter(pk=stroke.pk).update(picture=picture, box=box.said, reduced=step)


def sweep() -> None:
    """What was looked at an hour ago goes, with its jobs and files."""
    old = Stroke.objects.old()
    files = old.files()
    Job.objects.filter(stroke__in=old).delete()
    old.delete()
    for blob in Blob.objects.filter(pk__in=files):
        storage.erase(blob)
