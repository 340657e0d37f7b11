"""An album as a room: how far it is, and what is done with several of its photos at once."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Q

from annotate.models import Assignment, DefectMask
from annotate.services import reviews
from config.errors import Refused
from config.web.roles import Person, may
from photos import erasure
from photos.models import Album, Photo
from photos.models.photos import PhotoQuerySet

ROLES = ("assessor", "reviewer", "admin")


@dataclass(frozen=True)
class Progress:
    """Photos of an album by how far they are; each counts once."""

    photos: int
    accepted: int
    waiting: int
    painted_now: int

    @property
    def left(self) -> int:
        return self.photos - self.accepted - self.waiting - self.painted_now


def _has(state: str) -> Exists:
    return Exists(DefectMask.objects.wanted().filter(photo=OuterRef("pk"), state=state))


def with_standing(photos: PhotoQuerySet) -> PhotoQuerySet:
    """``has_accepted``, ``has_submitted``: a mask of this kind; ``is_taken``: is being painted."""
    taken = Assignment.objects.open().taking_places().filter(photo=OuterRef("pk"))
    return photos.annotate(
        has_accepted=_has(DefectMask.State.ACCEPTED),
        has_submitted=_has(DefectMask.State.SUBMITTED),
        is_taken=Exists(taken),
    )


def progress(photos: PhotoQuerySet) -> Progress:
    waiting = Q(has_accepted=False, has_submitted=True)
    now = Q(has_accepted=False, has_submitted=False, is_taken=True)
    found = with_standing(photos).aggregate(
        photos=Count("pk"),
        accepted=Count("pk", filter=Q(has_accepted=True)),
        waiting=Count("pk", filter=waiting),
        painted_now=Count("pk", filter=now),
    )
    return Progress(**found)


def people() -> list[User]:
    """Who may be given photos to paint."""
    rows = User.objects.filter(is_active=True, groups__name__in=ROLES)
    return list(rows.distinct().order_by("username"))


def chosen(album: Album, user: Person, keys: list[UUID]) -> PhotoQuerySet:
    rows = album.photos(user).filter(pk__in=keys)
    if not keys or not rows.exists():
        raise Refused("Tick at least one photo.")
    return rows


def _to_come(photos: PhotoQuerySet) -> PhotoQuerySet:
    """What is ready or is being read: who brought an album need not wait before sharing it out."""
    return photos.filter(state__in=(Photo.State.RECEIVED, Photo.State.READY))


def ask_for_masks(photos: PhotoQuerySet, *, priority: float) -> int:
    return _to_come(photos).update(wants_mask=True, priority=priority)


def assign(photos: PhotoQuerySet, *, to: User | None) -> int:
    """Only this person is given them from now on; None: whoever paints the album."""
    if to is not None and not may(to, "assessor", "reviewer"):
        raise Refused(f"{to} does not paint.")
    return _to_come(photos).update(meant_for=to, **({"wants_mask": True} if to else {}))


def accept(photos: PhotoQuerySet, *, by: User) -> tuple[int, list[str]]:
    """Accepts what waits, as the review of each would: never one's own. Says what it left."""
    waiting = DefectMask.objects.waiting_for_review().filter(photo__in=photos)
    done, left = 0, []
    for mask in waiting.select_related("photo", "brought"):
        try:
            reviews.decide(by=by, mask=mask, verdict="accepted", comment="")
            done += 1
        except Refused as reason:
            left.append(f"{mask.photo}: {reason}")
    return done, left


def erase(photos: PhotoQuerySet, *, by: User) -> tuple[int, list[str]]:
    """Each by itself: an open study may refuse one."""
    done, left = 0, []
    for photo in list(photos):
        name = str(photo)
        try:
            erasure.erase_photo(photo=photo, erased_by=by)
            done += 1
        except Refused as reason:
            left.append(f"{name}: {reason}")
    return done, left
