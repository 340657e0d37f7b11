"""A mask that a restoration's owner made elsewhere, checked and read into the painter's tiles."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from config.errors import Refused
from photos.decoding import scans
from photos.decoding.formats import Refusal, kind_of
from photos.masks.classes import CLASSES, DEFECTS
from pipeline.models import Restoration

MAX_BYTES = 50_000_000  # bytes
SECONDS = 20  # of reading one: somebody waits
KINDS = ("png", "tiff", "webp")
HEAD = 16  # bytes that tell the kind of a file
NO_KIND = "A mask is a PNG, TIFF or WebP file."


class BadFile(ValueError):
    """The file is not taken. `status` is the HTTP status that says so."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def read(
    restoration: Restoration, file: "UploadedFile[Any] | None", defect: str
) -> tuple[bytes, str]:
    """(HMT1, what is to be said of the reading); white counts as the class named `defect`."""
    if restoration.mask is None:
        raise Refused("There is no mask to correct yet: wait until the restoration is done.")
    bit = CLASSES.get(defect or "fracture", 0)
    if not bit & DEFECTS:
        raise BadFile("The class is none of fracture, scuff and hole.", 400)
    if file is None:
        raise BadFile("Choose the file of a mask first.", 400)
    _check(file)
    photo = restoration.photo
    with tempfile.TemporaryDirectory(prefix="mask-file-") as folder:
        path = Path(folder) / "mask"
        path.write_bytes(file.read())
        try:
            return _decoded(path, str(photo.width), str(photo.height), str(bit))
        except scans.RefusedScan as reason:
            raise BadFile(str(reason), 400) from reason


def _decoded(source: Path, *arguments: str) -> tuple[bytes, str]:
    """(HMT1, what is to be said of it); `arguments` as annotate.formats.mask_child takes them."""
    with tempfile.TemporaryDirectory(prefix="mask-") as name:
        folder = Path(name)
        within = replace(scans.limits(), heic=False, cpu_seconds=SECONDS)
        scans.run_child(source, folder, within, SECONDS, "annotate.formats.mask_child", arguments)
        return (folder / "mask.hmt").read_bytes(), (folder / "said.txt").read_text()


def _check(file: "UploadedFile[Any]") -> None:
    """400 empty, 413 too large, 415 another kind of file; by first bytes, never by its name."""
    size = file.size or 0
    if size == 0:
        raise BadFile("The file is empty.", 400)
    if size > MAX_BYTES:
        most = MAX_BYTES // 1_000_000
        raise BadFile(f"The file has {size / 1e6:,.0f} MB; a mask has at most {most} MB.", 413)
    head = file.read(HEAD)
    file.seek(0)
    try:
        kind = kind_of(head)
    except Refusal as reason:
        raise BadFile(NO_KIND, 415) from reason
    if kind not in KINDS:
        raise BadFile(f"This is a {kind.upper()} file. {NO_KIND}", 415)
