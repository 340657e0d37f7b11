"""The audit in words: what was done, and to which thing by its name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import AuditEvent

THINGS = {
    "photo_id": ("photo", "photos.Photo"),
    "assignment_id": ("assignment", "annotate.Assignment"),
    "mask_id": ("mask", "annotate.DefectMask"),
    "import_id": ("import", "annotate.Import"),
    "snapshot_id": ("snapshot", "training.DatasetSnapshot"),
    "run_id": ("run", "training.TrainingRun"),
    "version_id": ("version", "training.ModelVersion"),
    "file_id": ("graph", "training.GraphFile"),
    "promotion_id": ("promotion", "training.Promotion"),
    "request_id": ("promotion asked for", "training.PromotionRequest"),
    "album_id": ("album", "photos.Album"),
    "rival": ("rival", "evaluation.Rival"),
    "job_id": ("job", "jobs.Job"),
    "number": ("study", "evaluation.Study"),
    "guest_id": ("guest", "evaluation.Guest"),
    "person_id": ("person", "auth.User"),
    "token_id": ("token", "accounts.ApiToken"),
    "link_id": ("link", "accounts.OneUseLink"),
    "webhook": ("webhook", "pipeline.Webhook"),
}
"""What the names in addresses mean, by table; a test looks at every address."""
KEYS = {"number": "number"}  # found by another field than the primary key
PLACEHOLDER = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Act:
    """A row of the audit, ready to be read."""

    at: datetime
    name: str
    what: str
    things: list[str]
    address: str
    request_id: str


def acts(events: Iterable[AuditEvent]) -> list[Act]:
    """With the names of things as they are now; asked once a table, not once a row."""
    rows = list(events)
    names = _names(rows)
    return [
        Act(row.at, row.name, words(row), _things(_of(row), names), row.address, row.request_id)
        for row in rows
    ]


def words(event: AuditEvent) -> str:
    """`annotate/photos/<uuid:photo_id>/erase/` as "annotate · photos · erase"."""
    if " " in event.route or "/" not in event.route:
        return event.route  # a note, in words already
    parts = [part for part in PLACEHOLDER.sub("", event.route).split("/") if part]
    said = " · ".join(part.replace("-", " ") for part in parts)
    return {"DELETE": f"{said} · delete", "PUT": f"{said} · put"}.get(event.method, said)


OTHER_NAMES = {
    ("account/tokens/", "number"): "token_id",  # not a study's
    ("api/v1/runs/", "pk"): "run_id",
    ("api/v1/versions/", "pk"): "version_id",
    ("api/v1/snapshots/", "pk"): "snapshot_id",
}


def _of(row: AuditEvent) -> dict[str, object]:
    """What the address names, where two addresses call different things alike."""
    names = {key: name for (start, key), name in OTHER_NAMES.items() if row.route.startswith(start)}
    return {names.get(key, key): value for key, value in row.of.items()}


def _names(rows: list[AuditEvent]) -> Mapping[tuple[str, str], str]:
    wanted: dict[str, set[str]] = {}
    for row in rows:
        for key, value in _of(row).items():
            if key in THINGS:
                wanted.setdefault(key, set()).add(str(value))
    return {pair: name for key, ids in wanted.items() for pair, name in _asked(key, ids)}


def _asked(key: str, ids: set[str]) -> Iterable[tuple[tuple[str, str], str]]:
    field = KEYS.get(key, "pk")
    model = apps.get_model(THINGS[key][1])
    good = [given for given in ids if _fits(model, field, given)]
    for found in model._base_manager.select_related().filter(**{f"{field}__in": good}):
        yield (key, str(getattr(found, field))), str(found)


def _fits(model: type[models.Model], field: str, given: str) -> bool:
    try:
        of: Any = model._meta.pk if field == "pk" else model._meta.get_field(field)
        of.to_python(given)
    except (ValidationError, ValueError):
        return False
    return True


def _things(of: Mapping[str, object], names: Mapping[tuple[str, str], str]) -> list[str]:
    said = []
    for key, value in of.items():
        kind = THINGS[key][0] if key in THINGS else key.replace("_", " ")
        name = names.get((key, str(value)))
        said.append(f"{kind} {name}" if name else f"{kind} {str(value)[:40]}")
    return said
