"""Which photos have a free place for one more painter.

A photo has ``masks_wanted`` places. Taken are those of people who paint now, and of masks that
are finished or with their author; the known damage of synthetic photos takes none, nor does
what is painted to test or to teach.
"""

from functools import cache
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from annotate.models import Assignment, DefectMask
from photos.models import Album, Photo
from photos.models.photos import PhotoQuerySet

SKIPS_BEFORE_REVIEW = 3
FINISHED = (DefectMask.State.SUBMITTED, DefectMask.State.ACCEPTED, DefectMask.State.RETURNED)
DONE_BY_ME = (Assignment.State.OPEN, Assignment.State.SUBMITTED, Assignment.State.SKIPPED)
NOBODYS = (DefectMask.Origin.SYNTHETIC, DefectMask.Origin.CONSENSUS)
Painted = QuerySet[Assignment] | QuerySet[DefectMask]


def with_free_place(photos: PhotoQuerySet) -> PhotoQuerySet:
    open_now = Assignment.objects.open().taking_places()
    taken = _count(open_now) + _count(_finished())
    return photos.alias(taken=taken).filter(taken__lt=F("masks_wanted"))


def begun() -> Exists:
    """Has anybody finished a mask of the photo?"""
    return Exists(_finished().filter(photo=OuterRef("pk")))


def _finished() -> QuerySet[DefectMask]:
    rows = DefectMask.objects.wanted().filter(state__in=FINISHED)
    returned = {"state": DefectMask.State.RETURNED, "assignment": None}  # to nobody here
    return rows.exclude(origin__in=NOBODYS).exclude(**returned)


def has_free_place(photo_id: UUID) -> bool:
    """May one more person paint this photo?"""
    return _ready_with_place().filter(pk=photo_id).exists()


def waiting_for_painter(person: User) -> PhotoQuerySet:
    """Photos that this person may be given, the most important and then the oldest first."""
    mine = Assignment.objects.filter(photo=OuterRef("pk"), assessor=person, state__in=DONE_BY_ME)
    shut = Album.objects.shut_to(person).filter(name=OuterRef("album"))
    waiting = _waiting().alias(mine=Exists(mine), shut=Exists(shut)).filter(mine=False, shut=False)
    return waiting.filter(Q(meant_for=None) | Q(meant_for=person))


# Building these took longer than asking the database; what is never evaluated can be kept.


@cache
def _ready_with_place() -> PhotoQuerySet:
    return with_free_place(Photo.objects.ready())


@cache
def _waiting() -> PhotoQuerySet:
    photos = Photo.objects.for_labelling().alias(skips=_count(_skips()))
    photos = with_free_place(photos.filter(skips__lt=SKIPS_BEFORE_REVIEW))
    return photos.order_by("-priority", "-urgency", "created_at")


def skipped_often() -> PhotoQuerySet:
    """Photos that several people would not paint: a reviewer decides."""
    photos = Photo.objects.for_labelling().alias(skips=_count(_skips()))
    return photos.filter(skips__gte=SKIPS_BEFORE_REVIEW)


def _skips() -> QuerySet[Assignment]:
    return Assignment.objects.filter(state=Assignment.State.SKIPPED)


def _count(rows: Painted) -> Coalesce:
    """How many of the rows belong to the photo at hand: a look-up by index, no join."""
    of_photo = rows.filter(photo=OuterRef("pk")).order_by().values("photo")
    counted = of_photo.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
