"""What a snapshot would hold now: accepted masks, clean grounds, their split and digest."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from annotate.models import DefectMask
from photos.models import Photo
from training.models import SnapshotItem
from training.splitting import IN_ALBUM, held_out

FORMAT = 1
ALBUMS_LEAST = 3  # of fewer, holding one out would take all or half of what there is to learn from


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
        return f"album {self.photo.album}" if self.photo.album else self.alone

    @property
    def alone(self) -> str:
        """The photo as a group of its own, where there are too few albums to hold any out."""
        within = f"{IN_ALBUM}{self.photo.album}" if self.photo.album else ""
        return f"photo {self.photo.pk}{within}"


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

    A group that is held out for its masks is held out with its grounds too. Of fewer than
    ALBUMS_LEAST albums with masks the photos are held out one by one, and their group says so.
    """
    groups = _groups(chosen)
    masked = [group for group, candidate in zip(groups, chosen, strict=True) if candidate.mask]
    held = held_out(masked, share=share, seed=seed)
    rest = [group for group in groups if group not in set(masked)]
    held |= held_out(rest, share=share, seed=seed)
    return [_item(c, group, group in held) for c, group in zip(chosen, groups, strict=True)]


def _groups(chosen: list[Candidate]) -> list[str]:
    """By album; photo by photo where masks come of so few albums that none can be spared."""
    albums = {c.group for c in chosen if c.mask}
    few = len(albums) < ALBUMS_LEAST
    return [c.alone if few and (c.mask or c.group in albums) else c.group for c in chosen]


def _item(candidate: Candidate, group: str, is_held: bool) -> SnapshotItem:
    photo, mask = candidate.photo, candidate.mask
    return SnapshotItem(
        photo=photo,
        mask=mask,
        image_digest=candidate.image_digest,
        mask_digest=mask.digest if mask else "",
        mask_origin=mask.origin if mask else "",
        split=SnapshotItem.Split.VALIDATION if is_held else SnapshotItem.Split.TRAIN,
        group=group[:120],
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
