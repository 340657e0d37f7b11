"""What a snapshot would hold now: accepted masks, clean grounds, their split and digest."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from annotate.models import DefectMask
from photos.models import Photo
from training.models import SnapshotItem
from training.splitting import held_out

FORMAT = 1


@dataclass(frozen=True)
class Candidate:
    """A photo that may be frozen, with its accepted mask or as a clean ground."""

    photo: Photo
    mask: DefectMask | None

    @property
    def image_digest(self) -> str:
        return str(self.photo.working_id)

    @property
    def group(self) -> str:
        """Prints, copies and tiles of one original share an album, and so a split."""
        return f"album {self.photo.album}" if self.photo.album else f"photo {self.photo.pk}"


def candidates(*, include_clean: bool) -> list[Candidate]:
    """Each picture once; a mask beats its absence."""
    found: dict[str, Candidate] = {}
    clean = [Candidate(photo, None) for photo in clean_photos()] if include_clean else []
    for candidate in [*masked(), *clean]:
        found.setdefault(candidate.image_digest, candidate)
    return sorted(found.values(), key=lambda candidate: candidate.image_digest)


def masked() -> list[Candidate]:
    """The latest accepted mask of every photo that may train; what tested its painter does not."""
    accepted = (
        DefectMask.objects.accepted()
        .wanted()
        .filter(
            photo__training_allowed=True,
            photo__state=Photo.State.READY,
            photo__working__isnull=False,
            tiles__isnull=False,
        )
    )
    latest: dict[object, DefectMask] = {}
    for mask in accepted.select_related("photo").order_by("-created_at", "pk"):
        latest.setdefault(mask.photo_id, mask)
    return [Candidate(mask.photo, mask) for mask in latest.values()]


def clean_photos() -> Iterable[Photo]:
    """Photos without damage: allowed for training, not queued for a mask and without one."""
    any_mask = Exists(DefectMask.objects.filter(photo=OuterRef("pk")))
    ready = Photo.objects.ready().filter(working__isnull=False)
    return ready.filter(~any_mask, training_allowed=True, wants_mask=False)


def split(chosen: list[Candidate], *, share: float, seed: int) -> list[SnapshotItem]:
    """Unsaved items. Masks are held out apart from grounds: both halves need real masks.

    A group that is held out for its masks is held out with its grounds too.
    """
    held = held_out((c.group for c in chosen if c.mask), share=share, seed=seed)
    decided = {c.group for c in chosen if c.mask}
    rest = (c.group for c in chosen if c.group not in decided)
    held |= held_out(rest, share=share, seed=seed)
    return [_item(candidate, candidate.group in held) for candidate in chosen]


def _item(candidate: Candidate, is_held: bool) -> SnapshotItem:
    photo, mask = candidate.photo, candidate.mask
    return SnapshotItem(
        photo=photo,
        mask=mask,
        image_digest=candidate.image_digest,
        mask_digest=mask.digest if mask else "",
        mask_origin=mask.origin if mask else "",
        split=SnapshotItem.Split.VALIDATION if is_held else SnapshotItem.Split.TRAIN,
        group=candidate.group[:120],
        licence=photo.licence,
        source=photo.source,
    )


def digest(items: Iterable[SnapshotItem]) -> str:
    """SHA-256 over canonical JSON: equal digests hold equal pictures, masks and splits."""
    rows = sorted(
        [
            *(item.image_digest, item.mask_digest, item.split, item.group),
            *(item.licence, item.source),
            *([json.dumps(item.colour_hints)] if item.colour_hints else []),
        ]
        for item in items
    )
    text = json.dumps({"format": FORMAT, "items": rows}, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
