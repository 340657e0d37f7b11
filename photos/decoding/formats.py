"""What a file is, by its first bytes: its name says nothing. Pure.

What the decoder says is JSON, a code with parameters: its child knows nothing of words.
"""

import json

from config.words.pairs import said

HEAD = 16  # bytes that tell the kind of a file
NAMES = {
    "jpeg": "JPEG",
    "png": "PNG",
    "tiff": "TIFF",
    "webp": "WebP",
    "heic": "HEIC",
    "avif": "AVIF",
    "jp2": "JPEG 2000",
    "bmp": "BMP",
    "ppm": "PPM",
    "gif": "GIF",
}
HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"heim", b"heis")
RAW_HEADS = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"\0MRM", b"FOVb")
TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
# What a folder is searched for when the first bytes say nothing: somebody took it for a photo.
ENDINGS = {
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif"),
    *(".avif", ".jp2", ".j2k", ".jpx", ".bmp", ".dib", ".ppm", ".pgm", ".pbm", ".pnm", ".gif"),
}


class Refusal(Exception):
    """Why this file is not read: its one argument, and as JSON its text."""

    def __str__(self) -> str:
        return json.dumps(self.args[0])


class Unsupported(Refusal):
    """It is what it should be, and of a kind that is not read here."""


def kind_of(head: bytes) -> str:
    """A key of `NAMES`. Raises Unsupported for kinds known by name, Refusal for all else."""
    if not head:
        raise Refusal(said("scan.empty"))
    found = _by_magic(head) or _by_brand(head)
    if found:
        return found
    if head[:5] == b"%PDF-":
        raise Unsupported(said("scan.pdf"))
    if head.startswith(RAW_HEADS) or head[4:12] == b"ftypcrx ":
        raise Unsupported(said("scan.raw"))
    raise Refusal(said("scan.no-image"))


def _by_magic(head: bytes) -> str:
    if head[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if head[:4] in TIFF_HEADS:
        if head[8:10] == b"CR":  # Canon's CR2 says so behind a TIFF's first bytes
            raise Unsupported(said("scan.raw"))
        return "tiff"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:4] == b"GIF8":
        return "gif"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "bmp"
    if head[:2] in (b"P1", b"P2", b"P3", b"P4", b"P5", b"P6") and head[2:3].isspace():
        return "ppm"
    if head[:12] == b"\0\0\0\x0cjP  \r\n\x87\n" or head[:4] == b"\xff\x4f\xff\x51":
        return "jp2"
    return ""


def _by_brand(head: bytes) -> str:
    if head[4:8] != b"ftyp":
        return ""
    if head[8:12] in (b"avif", b"avis"):
        return "avif"
    return "heic" if head[8:12] in HEIC_BRANDS else ""
