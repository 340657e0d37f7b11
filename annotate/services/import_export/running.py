"""An import on its way: its file is kept, looked through, and comes in when somebody says so."""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from annotate.models import DefectMask, Import, Suggestion
from annotate.services.import_export import bundles
from annotate.services.import_export.applying import applied
from annotate.services.import_export.options import Options, checked
from annotate.services.import_export.plan import Plan
from annotate.services.import_export.planning import Told, planned
from config.errors import Refused
from config.words.said import Words, said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Job
from photos import storage
from photos.models import Blob

UPLOAD_LIMIT = 4 << 30
KEPT = timedelta(days=7)
NO_WORD = said("import.no-word")
State = Import.State
Opened = Callable[[], AbstractContextManager[bundles.Bundle]]


def quiet(share: float, message: Words) -> None:
    """For whoever shows no progress."""


def may_accept(options: Options, *, admin: bool) -> Options:
    """Accepted without a review here is an admin's word."""
    if options.accepted and not admin:
        raise Refused("Only admins bring in masks as accepted elsewhere.")
    return checked(options)


def begun(
    *,
    file: storage.Readable | Path,
    name: str,
    options: Options,
    by: User | None,
    later: bool,
    then: bool = False,
) -> Import:
    """Keeps the file; with `later` a worker looks it through, and with `then` brings it in."""
    blob = storage.put(file, "application/octet-stream", limit=UPLOAD_LIMIT)
    if not blob.size:
        raise Refused(said("scan.empty"))
    with transaction.atomic():
        row = Import.objects.create(
            name=name[:300], source=blob, options=options.as_json(), created_by=by
        )
        if later:
            order = look_through.using(title=said("job.look-through"), created_by=by)
            order.later(import_id=str(row.pk), then=then)
    return row


def source_of(row: Import) -> Opened:
    """Opens the kept file of an import."""

    @contextmanager
    def opened() -> Any:
        with (
            storage.local_file(cast(Blob, row.source)) as path,
            bundles.opened(path, row.name) as it,
        ):
            yield it

    return opened


def run_at_once(
    opened: Opened, options: Options, row: Import, *, dry_run: bool, told: Told = quiet
) -> tuple[Plan, list[DefectMask | Suggestion]]:
    """Both passes without a pause, or only the first; what was found out is kept on the row."""
    with opened() as bundle:
        plan = planned(bundle, options, keep=not dry_run, told=told)
    if dry_run:
        return plan, []
    with transaction.atomic():
        made = applied(plan, options, row)
        Import.objects.filter(pk=row.pk).update(
            state=State.DONE, report=plan.as_json(), source=None
        )
    return plan, made


@job(Precedence.IMPORT)
def look_through(work: Work, import_id: str, then: bool = False) -> None:
    """The first pass of an import that waits for somebody's word."""
    row = Import.objects.get(pk=UUID(import_id))
    if row.state != State.PLANNING:
        return
    try:
        with source_of(row)() as bundle:
            plan = planned(bundle, Options(**row.options), told=work.progress)
    except Refused as reason:
        row.move(State.PLANNING, after=State.REFUSED, reason=reason.said, source=None)
        return
    after = State.REFUSED if plan.refusal else State.PLANNED
    facts: dict[str, Any] = {"reason": plan.refusal, "report": plan.as_json()}
    if plan.refusal:
        facts["source"] = None
    row.move(State.PLANNING, after=after, **facts)
    if then and after == State.PLANNED:
        confirm(row, row.created_by)


def job_of(row: Import) -> Job | None:
    """The work on an import that goes on, for its progress."""
    if not row.is_working:
        return None
    return Job.objects.filter(params__import_id=str(row.pk)).order_by("-created_at").first()


def confirm(row: Import, by: User | None) -> None:
    """What was looked through comes in; a worker does it."""
    with transaction.atomic():
        if not row.move(State.PLANNED, after=State.APPLYING):
            raise Refused("This import does not wait for your word any more.")
        order = bring_in.using(title=said("job.bring-in"), created_by=by)
        order.later(import_id=str(row.pk))


@job(Precedence.IMPORT)
def bring_in(work: Work, import_id: str) -> None:
    """The second pass: the files are read once more, and all of it comes in or nothing."""
    row = Import.objects.get(pk=UUID(import_id))
    if row.state != State.APPLYING:
        return
    try:
        run_at_once(source_of(row), Options(**row.options), row, dry_run=False, told=work.progress)
    except Refused as reason:
        row.move(State.APPLYING, after=State.REFUSED, reason=reason.said, source=None)


def forget_stale() -> int:
    """Lets go of the files of imports that wait for somebody's word since a week."""
    rows = Import.objects.filter(state__in=[State.PLANNED, State.REFUSED], source__isnull=False)
    old = rows.filter(created_at__lt=timezone.now() - KEPT)
    return old.update(state=State.REFUSED, source=None, reason=NO_WORD)


def undo(row: Import) -> int:
    """Everything that came in with it goes, while nothing was built on it; or Refused."""
    with transaction.atomic():
        if not row.move(State.DONE, after=State.UNDONE):
            raise Refused("Only what came in can be undone, and once.")
        masks = list(row.masks.select_for_update())
        for mask in masks:
            if built := built_on(mask):
                raise Refused(f"{mask.photo}: {built} was made with its mask; nothing was undone.")
        row.masks.all().delete()
    return len(masks)


def built_on(mask: DefectMask) -> str:
    """What refers to the mask, but for figures that are made of themselves; empty if nothing."""
    for relation in DefectMask._meta.related_objects:
        if relation.related_model is None or relation.related_model.__name__ == "Agreement":
            continue
        model = cast(Any, relation.related_model)
        if model._base_manager.filter(**{relation.field.name: mask}).exists():
            return f"a {model._meta.verbose_name}"
    return "a honeypot" if mask.is_honeypot else ""
