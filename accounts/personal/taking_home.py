"""All that is kept of a person, for her to take home: rows as JSON, pictures as they are."""

import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, BinaryIO, NamedTuple

from django.apps import apps
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from accounts.personal.fates import FATES, NAMED, WITHHELD
from config.errors import Refused
from config.registry import Registry
from config.words.said import plain
from config.words.wall import for_programs

ONLY = {"evaluation.Vote": ["ballot_id", "outcome", "reasons", "cast_at"]}
MOST_BYTES = 4_000_000_000  # of pictures in one file
CHUNK = 1 << 20


class Picture(NamedTuple):
    """A file of a person: its name in the archive, its size, and how to open it."""

    name: str
    size: int
    open: Callable[[], AbstractContextManager[BinaryIO]]


pictures_of: Registry[Callable[[User], Iterator[Picture]]] = Registry("belongings")
"""Marks what gives a room's files of a person."""


def rows_of(user: User) -> dict[str, list[dict[str, Any]]]:
    """Every row that leads to the account or holds its name, by table; without `WITHHELD`."""
    told = {name: _told(rows) for name, rows in sorted(_kept_of(user).items())}
    return {name: rows for name, rows in told.items() if rows}


def counts_of(user: User) -> dict[str, int]:
    """How many rows of each table; an admin's acts alone are ten thousands."""
    counts = {name: rows.count() for name, rows in sorted(_kept_of(user).items())}
    return {name: count for name, count in counts.items() if count}


def _kept_of(user: User) -> "dict[str, models.QuerySet[Any]]":
    leads: dict[str, models.Q] = defaultdict(models.Q)
    for key in FATES:
        name, _, field = key.rpartition(".")
        leads[name] |= models.Q(**{field: user})
    for key in NAMED:
        name, _, field = key.rpartition(".")
        if name.startswith("axes."):
            leads[name] |= models.Q(**{field: user.username})
    leads["auth.User"] = models.Q(pk=user.pk)
    leads["accounts.AuditEvent"] = models.Q(person=user.pk)
    leads["evaluation.Vote"] = models.Q(ballot__voter=user)
    return {name: apps.get_model(name)._base_manager.filter(q) for name, q in leads.items()}


def _told(rows: "models.QuerySet[Any]") -> list[dict[str, Any]]:
    label = rows.model._meta.label
    fields = ONLY.get(label) or [
        field.attname
        for field in rows.model._meta.concrete_fields
        if f"{label}.{field.name}" not in WITHHELD
    ]
    return [for_programs(plain(row)) for row in rows.order_by("pk").values(*fields)]


def as_json(user: User) -> str:
    return json.dumps(rows_of(user), cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)


def write_zip(user: User, file: BinaryIO) -> None:
    """`data.json` and her photographs with what was made of them, as they lie in the storage."""
    pictures = [picture for give in pictures_of.all() for picture in give(user)]
    if (total := sum(picture.size for picture in pictures)) > MOST_BYTES:
        raise Refused(
            f"Your pictures have {total / 1e9:.1f} GB, too much for one file: fetch each from its "
            "own page, and the rest as JSON."
        )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("data.json", as_json(user))
        for picture in pictures:
            with picture.open() as source, archive.open(picture.name, "w", force_zip64=True) as out:
                while chunk := source.read(CHUNK):
                    out.write(chunk)
