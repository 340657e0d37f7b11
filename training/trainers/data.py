"""Pictures for the loops: which photo comes at which place, and how it becomes arrays."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from training.run_folder import Item, RunFolder
from training.trainers.feeding.unpacked import mapped, read_mask, read_photo

Picture = NDArray[np.uint8]
VALIDATION = 1 << 40  # validation choices come from numbers no training crop ever has
SHELF = 256 << 20  # bytes of decoded pictures a pool keeps
Image.MAX_IMAGE_PIXELS = 120_000_000  # the product's own working copies, never an upload


def rng_for(seed: int, image: int) -> np.random.Generator:
    """All choices of the n-th crop: the same on every machine and after every resume."""
    return np.random.default_rng([seed, image])


class Shelf:
    """Decoded pictures kept up to a number of bytes, the longest unused thrown out first."""

    def __init__(self, most: int) -> None:
        self.most, self.held = most, 0
        self.turn = Lock()  # the loop and the thread that draws ahead share pools
        self.pictures: OrderedDict[Path, Picture] = OrderedDict()

    def take(self, path: Path, read: Callable[[Path], Picture]) -> Picture:
        """The picture at `path`, H x W or H x W x 3 uint8, read-only because it is shared."""
        with self.turn:
            return self._take(path, read)

    def _take(self, path: Path, read: Callable[[Path], Picture]) -> Picture:
        if path in self.pictures:
            self.pictures.move_to_end(path)
            return self.pictures[path]
        picture = read(path)
        picture.setflags(write=False)
        self.pictures[path] = picture
        self.held += picture.nbytes
        while self.held > self.most and len(self.pictures) > 1:
            self.held -= self.pictures.popitem(last=False)[1].nbytes
        return picture


class Pool:
    """The items of one split, drawn by weight."""

    def __init__(self, run: RunFolder, items: list[Item]) -> None:
        self.run, self.items = run, items
        self.shelf = Shelf(SHELF)
        weights = np.array([item.weight for item in items], float)
        self.shares = weights / weights.sum() if len(items) else weights

    def __len__(self) -> int:
        return len(self.items)

    def draw(self, rng: np.random.Generator) -> Item:
        return self.items[int(rng.choice(len(self.items), p=self.shares))]

    def photo(self, item: Item) -> Picture:
        """H x W x 3 uint8 of an item. Read-only."""
        found = mapped(self.run, item.image, "colour")
        return self.shelf.take(self.run.file(item.image), read_photo) if found is None else found

    def plain(self, item: Item) -> Picture:
        """The photo for who needs its luma alone: H x W where it was unpacked so, else H x W x 3.
        Read-only."""
        found = mapped(self.run, item.image, "luma")
        return self.photo(item) if found is None else found

    def mask(self, item: Item) -> Picture:
        """The human mask, H x W class bits. Raises ValueError for an item without one."""
        if item.mask is None:
            raise ValueError(f"{item.image} has no mask")
        found = mapped(self.run, item.mask, "mask")
        return self.shelf.take(self.run.file(item.mask), read_mask) if found is None else found


def split_pools(run: RunFolder) -> tuple[Pool, Pool]:
    """(training, validation). Without validation photos the training photos stand in."""
    items = run.items()
    train = [item for item in items if item.split == "train"]
    held = [item for item in items if item.split == "validation"]
    return Pool(run, train), Pool(run, held or train)


def smaller_than(run: RunFolder, size: int) -> int:
    """How many training photos are less than `size` px high or wide; only headers are read."""
    images = {item.image for item in run.items() if item.split == "train"}
    return sum(0 < _short_side(run.file(name)) < size for name in images)


def _short_side(path: Path) -> int:
    """In px; 0 where the file is no picture, which whoever draws it says better."""
    try:
        with Image.open(path) as image:
            return min(image.size)
    except OSError:
        return 0


def to_tensor(pictures: list[Picture], device: torch.device) -> Tensor:
    """uint8 H x W or H x W x C pictures of one size to N x C x H x W floats 0..1."""
    stack = np.stack([p[..., None] if p.ndim == 2 else p for p in pictures])
    batch = sent(torch.from_numpy(stack), device).permute(0, 3, 1, 2).float() / 255
    return batch.contiguous(memory_format=torch.channels_last)


def sent(stack: Tensor, device: torch.device) -> Tensor:
    """The tensor, of any shape, on the device; to a card through pinned memory, without waiting."""
    if device.type != "cuda":
        return stack.to(device)
    return stack.pin_memory().to(device, non_blocking=True)


def to_png(pictures: list[Picture]) -> bytes:
    """uint8 pictures of one height (H x W or H x W x 3) side by side, as a PNG file."""
    coloured = [np.repeat(p[..., None], 3, 2) if p.ndim == 2 else p for p in pictures]
    buffer = io.BytesIO()
    Image.fromarray(np.concatenate(coloured, axis=1)).save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def to_picture(plane: Tensor) -> Picture:
    """C x H x W or H x W in 0..1 to uint8 H x W x C or H x W."""
    scaled = (plane.detach().float().clamp(0, 1) * 255).round().byte().cpu()
    return scaled.permute(1, 2, 0).numpy() if scaled.dim() == 3 else scaled.numpy()
