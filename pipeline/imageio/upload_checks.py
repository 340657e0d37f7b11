"""What may come in: checked by size and first bytes before it is stored; never decoded here."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from config.words.wall import in_words
from photos.decoding.formats import HEAD, Refusal, kind_of
from training.foreign.limits import GraphError, refuse_other_kinds


class BadUpload(ValueError):
    """The file cannot be taken. `status` is the HTTP status that says so."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def check(file: "UploadedFile[Any]") -> None:
    """Raises BadUpload with a sentence: 400 empty, 413 too large, 415 no photograph."""
    check_size(file.size or 0)
    head = file.read(HEAD)
    file.seek(0)
    check_head(head)


def check_size(size: int, most: int | None = None) -> None:
    """In bytes; photographs have their limit in the settings."""
    if size == 0:
        raise BadUpload("This file is empty.", 400)
    limit = settings.SCAN_MAX_BYTES if most is None else most
    if size > limit:
        raise BadUpload(
            f"This file has {size / 1e6:,.0f} MB; the limit is {limit / 1e6:,.0f} MB.", 413
        )


def check_head(head: bytes) -> None:
    try:
        kind_of(head)
    except Refusal as reason:
        raise BadUpload(in_words(reason.args[0]), 415) from reason


def check_graph(head: bytes, name: str) -> None:
    """What is plainly no graph; data beside one may begin with any bytes."""
    try:
        refuse_other_kinds(head, name)
    except GraphError as reason:
        raise BadUpload(str(reason), 415) from reason
