"""Untrusted scans become our own files, in a confined process; and our files become arrays."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from config.words.said import Said, Words, from_text, read, said
from photos import storage
from photos.decoding.confined import REFUSED
from photos.decoding.opening import Limits
from photos.models import Blob, Photo

WALL_SECONDS = 180
TICKS = 0.9  # of the seconds of computing: the kernel counts by its clock and kills early
HOST_IS_SHORT = "This host had not enough memory to read the file."
# One thread in the decoder: it measured a quarter of the memory for the same time.
QUIET = {"VIPS_CONCURRENCY": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

Pixels = NDArray[np.uint8] | NDArray[np.uint16]


class RefusedScan(Exception):
    """The file is not read; `str` is the sentence for its owner, `said` what is kept."""

    @property
    def said(self) -> Words:
        return read(self.args[0])

    @property
    def is_ours(self) -> bool:
        """A fault of the product, not of the file."""
        return self._is("scan.our-fault")

    @property
    def is_other_page(self) -> bool:
        """This page is no photograph of its own."""
        return self._is("scan.infrared-page")

    def _is(self, code: str) -> bool:
        return isinstance(self.said, Said) and self.said.code == code


@dataclass(frozen=True)
class Decoded:
    """What the decoder left in a folder."""

    folder: Path
    facts: dict[str, Any]

    @property
    def cost(self) -> Path | None:
        return self.folder / "cost.png" if self.facts["has_cost"] else None

    @property
    def infrared(self) -> Path | None:
        """A plane of the picture's size, dark where dust lies."""
        return self.folder / "infrared.png" if self.facts["has_infrared"] else None

    @property
    def tiles(self) -> Path | None:
        return self.folder / "tiles.zip" if self.facts["has_tiles"] else None


def words_of(photo: Photo) -> dict[str, str]:
    """Date, title, credit and copyright as the original says them; read when somebody asks, so
    that they are kept nowhere else. Raises RefusedScan.
    """
    if photo.original is None:
        return {}
    with (
        storage.local_file(photo.original) as source,
        tempfile.TemporaryDirectory(prefix="words-") as name,
    ):
        within = limits(salvage=photo.salvage, page=photo.page)
        run_child(source, Path(name), within, WALL_SECONDS, "photos.decoding.told_child")
        said: dict[str, str] = json.loads((Path(name) / "told.json").read_text())
        return said


def limits(**asked: Any) -> Limits:
    """The site's, with what somebody asked of this reading: fields of `Limits`."""
    return Limits(megapixels=settings.SCAN_MAX_MEGAPIXELS, heic=settings.SCAN_HEIC, **asked)


@contextmanager
def decoded(
    source: Path, *, within: Limits, wall_seconds: float = WALL_SECONDS
) -> Iterator[Decoded]:
    """Decodes a file in a subprocess; the derived files live as long as the block."""
    with tempfile.TemporaryDirectory(prefix="scan-") as name:
        run_child(source, Path(name), within, wall_seconds)
        yield Decoded(Path(name), json.loads((Path(name) / "facts.json").read_text()))


def read_working(blob: Blob) -> Pixels:
    """Our own PNG as H x W (grey) or H x W x 3 (RGB), uint8 or uint16."""
    return read_png(storage.read(blob))


def read_png(data: bytes) -> Pixels:
    """A PNG that we wrote, as an array; never call it with a stranger's bytes."""
    import pyvips

    image = pyvips.Image.pngload_buffer(data)
    shape = (image.height, image.width) + ((image.bands,) if image.bands > 1 else ())
    pixels: Pixels = image.numpy().reshape(shape)  # one pixel is no array to pyvips
    return pixels


def write_png(pixels: Pixels, *, bits: int = 0) -> bytes:
    """A PNG of an array (H x W or H x W x 3), without metadata; ``bits=1`` for masks."""
    import pyvips

    image = pyvips.Image.new_from_array(np.ascontiguousarray(pixels))
    if pixels.dtype == np.uint16:
        image = image.copy(interpretation="grey16" if pixels.ndim == 2 else "rgb16")
    elif pixels.ndim == 2:
        image = image.copy(interpretation="b-w")
    options: dict[str, Any] = {"bitdepth": bits} if bits else {}
    data: bytes = image.pngsave_buffer(compression=6, keep="none", **options)
    return data


def run_child(
    source: Path,
    folder: Path,
    within: Limits,
    wall_seconds: float,
    module: str = "photos.decoding.child",
    arguments: Sequence[str] = (),
) -> None:
    """Reads a stranger's file in a process with limits.

    Raises:
        RefusedScan: the file is at fault; the reason in a sentence.
        MemoryError: this host is; the same file may be read another time.
    """
    # The child works in the folder of the product, where a relative path would be another file;
    # and to libvips a name is UTF-8, which on old disks it is not.
    linked = folder / "source"
    linked.symlink_to(source.absolute())
    command = [sys.executable, "-m", module, str(linked), str(folder), *arguments]
    before = _seconds_of_children()
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asdict(within)),
            capture_output=True,
            text=True,
            timeout=wall_seconds,
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ.get("PATH", ""), "TMPDIR": str(folder), **QUIET},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedScan(said("scan.too-slow", seconds=wall_seconds)) from error
    finally:
        linked.unlink()
    if not done.returncode:
        return
    if done.returncode == REFUSED:
        reason = from_text(done.stdout)
    else:
        reason = _death(done.returncode, within, done.stderr)
    if reason == said("scan.memory") and _has_less_than(within.memory):
        raise MemoryError(HOST_IS_SHORT)
    spent = _seconds_of_children() - before
    if done.returncode == -signal.SIGKILL and spent < TICKS * within.cpu_seconds:
        raise MemoryError(HOST_IS_SHORT)  # not by the limit of seconds: by the kernel, for room
    raise RefusedScan(reason)


def _has_less_than(memory: int) -> bool:
    """Whether this worker itself was given less address space than one file is."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return soft != resource.RLIM_INFINITY and soft < memory


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _death(code: int, within: Limits, stderr: str) -> Said:
    """The decoder died; the file is refused, not tried again."""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return said("scan.computing", seconds=within.cpu_seconds)
    if code == -signal.SIGXFSZ:
        return said("scan.decodes-too-large")
    if any(word in stderr.lower() for word in ("memory", "alloc", "failed to map")):
        return said("scan.memory")
    if code == 1:  # an exception that nobody foresaw
        last = (stderr.strip().splitlines() or [""])[-1].partition(":")[0]
        return said("scan.our-fault", error=last if last.isidentifier() else "Error")
    return said("scan.harmful")
