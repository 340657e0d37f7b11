"""Gives a photo to a person: the assignment with its mask, and what was drawn about it."""

from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet

from annotate.models import Assignment, DefectMask, Purpose
from annotate.services.mask_storage import fold
from photos.services import drawn

CONTROL_PERCENT = 15


def with_suggestion() -> bool:
    """The others are the control group: what they paint shows what suggestions change."""
    return not drawn(CONTROL_PERCENT)


def locked_open(assessor: User) -> Assignment | None:
    """What this person paints already: she asked twice at once, by a double click."""
    lock(User.objects.filter(pk=assessor.pk))
    already = Assignment.objects.open().filter(assessor=assessor)
    return already.exclude(purpose=Purpose.PRACTICE).first()


def rows_lock() -> bool:
    """False on SQLite, whose transaction holds the whole database already."""
    return bool(connection.features.has_select_for_update)


def lock(rows: QuerySet[Any]) -> None:
    if rows_lock():
        list(rows.select_for_update().values_list("pk"))


def begin(photo_id: UUID, assessor: User, **facts: Any) -> Assignment:
    """A new assignment with its mask: empty, or the draft handed back for the next person."""
    assignment = Assignment.objects.create(
        photo_id=photo_id, assessor=assessor, lease_until=Assignment.lease_end(), **facts
    )
    passed_on = None
    if assignment.purpose == Purpose.WORK:
        passed_on = _passed_on().filter(photo_id=photo_id).first()
    DefectMask.objects.create(
        photo_id=photo_id,
        assignment=assignment,
        author=assessor,
        parent=passed_on,
        tiles=fold(passed_on) if passed_on else None,
    )
    assignment.refresh_from_db(fields=["lease_until", "created_at"])
    return assignment


@cache
def _passed_on() -> QuerySet[DefectMask]:
    """Never evaluated itself: building it took longer than asking the database."""
    return DefectMask.objects.passed_on()
