"""Second pass: everything that a plan says comes in, in one transaction, or nothing."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from annotate.models import DefectMask, Import, Suggestion
from annotate.services import active_learning
from annotate.services.import_export.imports import add_mask
from annotate.services.import_export.options import Options
from annotate.services.import_export.plan import NEW, Plan, PlanRefused, Row
from annotate.services.import_export.planning import finished_masks, weights_of
from annotate.services.suggestions import save_suggestion
from config.errors import Refused
from config.words.said import said
from photos import storage
from photos.models import Photo

State = DefectMask.State


def applied(plan: Plan, options: Options, brought: Import) -> list[DefectMask | Suggestion]:
    """The new rows. Refused, with nothing changed, for the reason that the plan has."""
    if plan.refusal:
        raise PlanRefused(plan)
    people = _people(plan)
    rows: list[DefectMask | Suggestion] = []
    with transaction.atomic():
        for row in (row for row in plan.rows if row.outcome == NEW):
            rows.append(_suggestion(row, options) if row.probability else
                        _mask(row, options, brought, people))  # fmt: skip
        for row in plan.rows:
            if row.photo is not None and row.outcome == NEW and options.accepted:
                active_learning.refresh_album_of(row.photo)
    return rows


def _people(plan: Plan) -> dict[str, User]:
    """Who is meant by the names and addresses in the files, where they are known here."""
    said = {row.part.author for row in plan.rows if row.part and row.part.author}
    found = {user.username: user for user in User.objects.filter(username__in=said)}
    by_address: dict[str, list[User]] = {}
    for user in User.objects.filter(email__in=said).exclude(email=""):
        by_address.setdefault(user.email, []).append(user)
    return {address: users[0] for address, users in by_address.items() if len(users) == 1} | found


def _mask(row: Row, options: Options, brought: Import, people: dict[str, User]) -> DefectMask:
    photo, mask, part = row.photo, row.mask, row.part
    if photo is None or mask is None or part is None:
        raise ValueError("a plan without files cannot be applied")
    photo.hold_unerased()
    here = sum(each.digest == row.digest for each in finished_masks(photo))
    if here != row.present:
        raise Refused(said("import.came-meanwhile", file=row.file))
    state = State.ACCEPTED if options.accepted else State.DRAFT if options.as_starts else None
    facts: dict[str, Any] = {"active_seconds": part.seconds, "tools": dict(part.tools or {})}
    if options.as_starts:
        Photo.objects.filter(pk=photo.pk).update(wants_mask=True)
    return add_mask(
        photo,
        mask,
        author=None if options.as_starts else people.get(part.author),
        origin=DefectMask.Origin.IMPORTED,
        state=state or State.SUBMITTED,
        brought=brought,
        accepted_because=options.because[:300] if options.accepted else "",
        **facts,
    )


def _suggestion(row: Row, options: Options) -> Suggestion:
    """Another tool's probability map is offered to painters like our own network's."""
    if row.photo is None or row.probability is None:
        raise ValueError("a plan without files cannot be applied")
    return save_suggestion(
        photo=row.photo,
        weights=weights_of(row),
        probability_png=storage.read(row.probability),
        threshold=options.threshold / 255,
    )
