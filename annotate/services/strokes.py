"""What the painter sends: deltas of tiles, and the finished mask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from annotate.models import Assignment, DefectMask, Purpose, StrokeDelta, tool_times
from annotate.services import active_learning
from annotate.services.annotator_agreement import compare_later
from annotate.services.assignments import Lost, hold
from annotate.services.mask_storage import MEDIA_TYPE, fold, keep_folded, read_tiles
from config.errors import Refused
from photos import storage
from photos.masks.arrays import digest as fingerprint
from photos.masks.tiles import TILE, areas, assemble, read_packed, tile_grid
from photos.models import Photo

# A mask with this many deltas on top of its tiles is folded: reading stays quick.
FOLD_AFTER = 32


class Stale(Refused):
    """Somebody else made the next revision first."""

    def __init__(self, revision: int) -> None:
        super().__init__("The mask has changed elsewhere.")
        self.revision = revision


class Mismatch(Refused):
    """What the painter saw is not what the server has."""


class BadStrokes(ValueError):
    """The body is no mask of this photo."""


class TooBig(BadStrokes):
    """The body is larger than any mask of this photo."""


@dataclass(frozen=True)
class Saved:
    revision: int
    repeated: bool = False


def body_limit(photo: Photo) -> int:
    """The most bytes a body can need: every tile with four planes, and deflate's own frame."""
    columns, rows = tile_grid(photo.width, photo.height)
    return 1024 + columns * rows * (5 + 4 * TILE * TILE // 8) * 1001 // 1000


def save_strokes(
    *,
    assignment: Assignment,
    body: bytes,
    base_revision: int,
    client: str,
    first_seq: int,
    last_seq: int,
    active_seconds: float = 0.0,
    tools: Mapping[str, Any] | None = None,
) -> Saved:
    """Applies a delta to the revision it was made on; told twice, it answers the same.

    Who has lost the photo to somebody else hears so, every time: the work is kept, and that
    is not the same as saved. The file is written first, then one transaction keeps it, makes the
    revision and extends the lease: a save costs one commit, and a crash leaves a file at most.
    """
    mask = assignment.mask
    mask.photo = assignment.photo
    before = _of_client(mask, client, last_seq)
    if before.repeats:
        return _again(assignment, before.repeats)
    if mask.revision != base_revision:
        _may_save(assignment)
        raise Stale(mask.revision)
    # A client counts from its own start, so only what is new of it is added.
    active_seconds = max(active_seconds, before.seconds)
    try:
        with storage.arrived(_checked(mask.photo, body)) as file, transaction.atomic():
            tiles = file.keep(MEDIA_TYPE)
            seconds = active_seconds - before.seconds
            advanced = mask.advance(base=base_revision, seconds=seconds)
            # After the mask, as handing it in does: the other way round both could wait forever.
            held = assignment.is_held() or _may_save(assignment)
            if not advanced:
                raise Stale(DefectMask.objects.get(pk=mask.pk).revision)
            StrokeDelta.add(
                mask,
                tiles,
                client=client,
                first_seq=first_seq,
                last_seq=last_seq,
                active_seconds=active_seconds,
                tools=tools,
            )
    except IntegrityError as error:  # the same request twice at once
        raise Stale(DefectMask.objects.get(pk=mask.pk).revision) from error
    if mask.revision - mask.tiles_revision >= FOLD_AFTER:
        fold(mask)
    if not held:
        raise Lost(mask.revision)
    return Saved(mask.revision)


def submit_mask(
    *,
    assignment: Assignment,
    revision: int,
    digest: str,
    active_seconds: float = 0.0,
    seen_tiles: list[Any] | None = None,
    tools: Mapping[str, Any] | None = None,
) -> DefectMask:
    """Hands the mask in, if it is what the painter saw; told twice, it answers the same."""
    mask = assignment.mask
    if mask.state in (DefectMask.State.SUBMITTED, DefectMask.State.ACCEPTED) and (
        mask.digest == digest
    ):
        return mask
    hold(assignment)
    assignment.refresh_from_db(fields=["suggestion"])
    if mask.revision != revision:
        raise Stale(mask.revision)
    photo = mask.photo = assignment.photo
    tiles = read_tiles(mask)
    pixels = assemble(tiles, width=photo.width, height=photo.height)
    if fingerprint(pixels) != digest:
        raise Mismatch(
            "What the server has of this mask differs from what you see. Nothing was changed; "
            "the painter sends it again as a whole."
        )
    if mask.tiles is None or mask.tiles_revision != mask.revision:
        keep_folded(mask, tiles)
    facts = {
        "digest": digest,
        "areas": areas(pixels, tiles),
        "active_seconds": max(mask.active_seconds, active_seconds),
        "seen_tiles": seen_tiles or [],
        "tools": tool_times.of_all_browsers(mask) or tool_times.added(mask.tools, tools or {}),
        **_origin(assignment),
    }
    with transaction.atomic():
        if not (mask.submit(**facts) and assignment.submit()):
            raise Stale(DefectMask.objects.get(pk=mask.pk).revision)
        if assignment.purpose != Purpose.PRACTICE:
            compare_later(mask)
        if photo.masks_wanted > 1:
            active_learning.refresh(Photo.objects.filter(pk=photo.pk))
    return mask


def _may_save(assignment: Assignment) -> bool:
    """True with a lease; False when the work is only kept; refused when it cannot be changed."""
    try:
        hold(assignment)
    except Lost:
        return False
    return True


def _again(assignment: Assignment, revision: int) -> Saved:
    """The earlier answer was lost on its way: the same one once more."""
    if assignment.state == Assignment.State.EXPIRED:
        hold(assignment)
    return Saved(revision, repeated=True)


@dataclass(frozen=True)
class _Before:
    """What a client sent before: its seconds so far, and the revision that this request made."""

    seconds: float
    repeats: int | None


def _of_client(mask: DefectMask, client: str, last_seq: int) -> _Before:
    latest = StrokeDelta.latest_of(mask, client)
    if latest is None:
        return _Before(0.0, None)
    seq, revision, seconds = latest
    if seq <= last_seq:
        return _Before(seconds, revision if seq == last_seq else None)
    overtaken = mask.deltas.filter(client=client, last_seq=last_seq).first()
    return _Before(seconds, overtaken.revision if overtaken else None)


def _checked(photo: Photo, body: bytes) -> bytes:
    """The delta, once it is known to be a mask of this photo."""
    if len(body) > body_limit(photo):
        raise TooBig("The strokes are larger than a whole mask of this photo.")
    try:
        read_packed(body, width=photo.width, height=photo.height)
    except ValueError as error:
        raise BadStrokes(str(error)) from error
    return body


def _origin(assignment: Assignment) -> dict[str, str]:
    if assignment.suggestion is None:
        return {}
    return {
        "origin": DefectMask.Origin.SUGGESTED,
        "suggestion_weights": assignment.suggestion.weights,
    }
