"""NumPy archives: one H x W array a photo, row-major, never pickled.

Written is `mask`, uint8 class bits, and `classes`, what each bit is called. Read are `mask`, or
one array for each class by its name, where anything but zero is damage.
"""

import io
import zipfile
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from config.words.said import said
from photos.masks.arrays import Mask
from photos.masks.classes import CLASSES, KNOWN

from .content import Labels, check_length, check_size

HEADER = 4096


def read(data: bytes, width: int, height: int, labels: Labels = CLASSES) -> Mask:
    """The mask of the file's photo; shapes are checked before an array is unpacked."""
    check_length(data)
    mask = np.zeros((height, width), np.uint8)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            present = {name.removesuffix(".npy"): name for name in archive.namelist()}
            if "mask" in present:
                return _bits(_array(archive, present["mask"], width, height))
            named = {name: present[name] for name in labels if name in present}
            if not named:
                raise ValueError(said("mask.no-array"))
            for name, entry in named.items():
                plane = _array(archive, entry, width, height) != 0
                mask[plane] |= np.uint8(labels[name])
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise ValueError(said("mask.no-archive")) from error
    return mask


def photo_id(data: bytes) -> str:
    """Our own number of the photo, which our archives carry; empty in others'."""
    check_length(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("photo.npy") as file:
            text = npy.read_array(io.BytesIO(file.read(HEADER)), allow_pickle=False)
    except (KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        return ""
    except zipfile.BadZipFile as error:
        raise ValueError(said("mask.no-archive")) from error
    return str(text) if text.dtype.kind == "U" and text.ndim == 0 else ""


def write(mask: Mask, labels: Labels = CLASSES, *, photo: str = "") -> bytes:
    """A compressed archive with the class bits and their names, and our number of the photo."""
    out = io.BytesIO()
    names = np.array([f"{bit} {name}" for name, bit in labels.items()])
    arrays: dict[str, Any] = {"mask": np.asarray(mask, np.uint8), "classes": names}
    if photo:
        arrays["photo"] = np.array(photo)
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def _array(archive: zipfile.ZipFile, entry: str, width: int, height: int) -> Any:
    with archive.open(entry) as file:
        shape, dtype = _header(file)
        if len(shape) != 2:
            raise ValueError(said("mask.dimensions", count=len(shape)))
        check_size((shape[1], shape[0]), width, height)
        if dtype.kind not in "bui" or dtype.itemsize > 8:
            raise ValueError(said("mask.no-whole-array", kind=str(dtype)))
    if archive.getinfo(entry).file_size > width * height * dtype.itemsize + HEADER:
        raise ValueError(said("mask.long-array"))
    with archive.open(entry) as file:
        return npy.read_array(file, allow_pickle=False)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], "np.dtype[Any]"]:
    version = npy.read_magic(file)
    reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = reader(file)
    return shape, dtype


def _bits(array: Any) -> Mask:
    if array.dtype == bool or not ((array >= 0) & (array <= 255)).all():
        raise ValueError(said("mask.no-bits-array"))
    mask = array.astype(np.uint8)
    if (mask & ~np.uint8(KNOWN)).any():
        raise ValueError(said("mask.wrong-bits-array"))
    return np.asarray(mask, np.uint8)
