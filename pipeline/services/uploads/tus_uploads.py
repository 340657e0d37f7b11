"""Uploads in pieces: each piece is kept at once, the last one makes what they are for."""

import hashlib
from collections.abc import Iterable
from itertools import chain
from typing import Any, BinaryIO

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from config.errors import Refused
from config.web.disk_reserve import require_room
from photos import storage
from photos.decoding.formats import HEAD
from photos.models import Blob
from pipeline import services
from pipeline.imageio import upload_checks
from pipeline.models import Restoration, Upload, UploadPart, patience
from training.foreign.limits import MOST_BYTES
from training.models import GraphFile
from training.services.foreign import graph_files

PIECE = 8 << 20  # what a killed server loses at most
MAX_PARTS_PER_UPLOAD = 10_000
OCTETS = "application/octet-stream"


class Moved(Refused):
    """Somebody else has written at this offset."""


class WrongChecksum(Refused):
    """The bytes that arrived are not those that were sent."""


class Piece:
    """At most `most` bytes of a request's body; a broken connection ends it early."""

    def __init__(self, body: storage.Readable, most: int, algorithm: str = "") -> None:
        self.body, self.left, self.taken = body, most, 0
        self.is_broken = False
        self.hash = hashlib.new(algorithm, usedforsecurity=False) if algorithm else None

    def read(self, size: int = storage.CHUNK, /) -> bytes:
        if not self.left:
            return b""
        try:
            data = self.body.read(min(size, self.left))
        except OSError:  # the client is gone: what has arrived counts
            data = b""
        self.is_broken = not data
        self.left -= len(data)
        self.taken += len(data)
        if self.hash:
            self.hash.update(data)
        return data


class Joined:
    """Several files read as one."""

    def __init__(self, parts: Iterable[Blob]) -> None:
        self.parts = iter(parts)
        self.file: BinaryIO | None = None

    def read(self, size: int = storage.CHUNK, /) -> bytes:
        while True:
            if self.file is None:
                part = next(self.parts, None)
                if part is None:
                    return b""
                self.file = storage.open_blob(part)
            if data := self.file.read(size):
                return data
            self.file.close()
            self.file = None


def begin(
    *,
    length: int,
    owner: User | None,
    name: str = "",
    metadata: str = "",
    sha256: str = "",
    choices: dict[str, Any] | None = None,
    purpose: str = Upload.Purpose.PHOTO,
) -> Upload:
    """A place for `length` bytes; refused by the size rules of the plain upload."""
    if purpose == Upload.Purpose.GRAPH:
        upload_checks.check_size(length, MOST_BYTES)
        graph_files.require_place(owner)
    else:
        upload_checks.check_size(length)
    require_room(length)
    return Upload.objects.create(
        owner=owner,
        length=length,
        name=name[:200],
        metadata=metadata,
        sha256=sha256.lower(),
        choices=choices or {},
        purpose=purpose,
        expires_at=patience(),
    )


def receive(
    *, upload: Upload, body: storage.Readable, size: int, checksum: tuple[str, bytes] | None = None
) -> None:
    """Takes `size` bytes from a request. With a checksum (algorithm, digest) all or none count."""
    whole = Piece(body, size) if checksum is None else Piece(body, size, checksum[0])
    while whole.left and not whole.is_broken:
        piece = whole if checksum else _Slice(whole, min(whole.left, PIECE))
        before = whole.taken
        require_room(min(whole.left, PIECE))  # a piece of somebody else's may have come meanwhile
        blob = storage.put(piece, OCTETS)
        if whole.taken == before:
            storage.erase(blob)
            return
        if checksum and not _matches(whole, checksum):
            storage.erase(blob)
            raise WrongChecksum("The checksum of this piece is wrong; send it again.")
        _keep(upload, blob)


class _Slice:
    def __init__(self, whole: Piece, most: int) -> None:
        self.whole, self.left = whole, most

    def read(self, size: int = storage.CHUNK, /) -> bytes:
        data = self.whole.read(min(size, self.left)) if self.left else b""
        self.left -= len(data)
        return data


def _matches(piece: Piece, checksum: tuple[str, bytes]) -> bool:
    return piece.left == 0 and piece.hash is not None and piece.hash.digest() == checksum[1]


def _keep(upload: Upload, blob: Blob) -> None:
    """The piece counts from here on; the last one makes what the upload is for."""
    _check_first_bytes(upload, blob)
    keep = _finish if blob.size == upload.left else _append
    try:
        keep(upload, blob)
    except IntegrityError as gone:  # a twin with the same bytes was given up this very moment
        raise Moved("These bytes were deleted while they arrived; ask for the offset.") from gone


def _append(upload: Upload, blob: Blob) -> None:
    if upload.parts.count() >= MAX_PARTS_PER_UPLOAD:
        raise Refused(
            f"This upload came in {MAX_PARTS_PER_UPLOAD:,} pieces already; begin with larger ones."
        )
    with transaction.atomic():
        start = upload.offset
        if not upload.advance(blob.size):
            raise Moved("Another request has written here; ask for the offset.")
        UploadPart.objects.create(upload=upload, start=start, blob=blob)


def _check_first_bytes(upload: Upload, last: Blob) -> None:
    """What is no photograph is refused with its first bytes, not after the last."""
    if upload.offset >= HEAD:
        return
    first = b""
    for blob in [*_pieces(upload), last]:
        with storage.open_blob(blob) as file:
            first += file.read(HEAD - len(first))
    if len(first) < min(HEAD, upload.length):
        return
    try:
        if upload.purpose == Upload.Purpose.GRAPH:
            upload_checks.check_graph(first, upload.name)
        else:
            upload_checks.check_head(first)
    except upload_checks.BadUpload:
        give_up(upload, [last])
        raise


def _finish(upload: Upload, last: Blob) -> None:
    pieces = [*_pieces(upload), last]
    require_room(upload.length if len(pieces) > 1 else 0)
    original = storage.put(Joined(pieces), OCTETS) if len(pieces) > 1 else last
    if upload.sha256 and original.digest != upload.sha256:
        give_up(upload, [last, original])
        raise upload_checks.BadUpload(
            "What arrived is not the file that was announced: its SHA-256 differs.", 422
        )
    with transaction.atomic():
        if not upload.advance(last.size, _made(upload, original)):
            raise Moved("Another request has finished this upload.")
        upload.parts.all().delete()
    _erase(pieces)


def _made(upload: Upload, original: Blob) -> Restoration | GraphFile:
    if upload.purpose == Upload.Purpose.GRAPH:
        return graph_files.take(upload.owner, upload.name, original)
    return services.restore_later(
        file=original, name=upload.name, owner=upload.owner, **upload.choices
    )


def _pieces(upload: Upload) -> list[Blob]:
    return [part.blob for part in upload.parts.select_related("blob")]


def give_up(upload: Upload, beside: Iterable[Blob] = ()) -> None:
    """Forgets an upload and deletes its pieces at once; what a finished one became stays."""
    pieces = _pieces(upload)
    upload.delete()
    _erase(chain(pieces, beside))


def _erase(pieces: Iterable[Blob]) -> None:
    for blob in {blob.pk: blob for blob in pieces}.values():
        storage.erase(blob)


def sweep() -> int:
    """Forgets what fell silent; answers how many."""
    old = list(Upload.objects.expired())
    for upload in old:
        give_up(upload)
    return len(old)
