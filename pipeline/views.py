"""Upload, follow, compare, download: the visitor's pages."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.roles import public
from pipeline import downloads, finding, services, showing, stages, timing
from pipeline.forms import MOST, RestoreForm
from pipeline.models import Reason, Restoration
from pipeline.remembering import remember, remembered
from pipeline.throttles import upload_allowed


@public
def restore(request: HttpRequest) -> HttpResponse:
    """The upload page, with what this browser sent before."""
    if not settings.PUBLIC_UPLOADS and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    sent = request.method == "POST"
    form = RestoreForm(request.POST, request.FILES) if sent else RestoreForm()
    if sent and form.is_valid():
        files = form.cleaned_data["photos"]
        if upload_allowed(request, len(files)):
            return _take(request, form)
        form.add_error("photos", "That is too many photographs in an hour; try again later.")
    status = 400 if form.errors else 200
    return render(request, "pipeline/restore.html", _upload_page(request, form), status=status)


def _upload_page(request: HttpRequest, form: RestoreForm) -> dict[str, Any]:
    tokens = remembered(request)
    return {
        "form": form,
        "mine": Restoration.objects.with_all().filter(token__in=tokens) if tokens else [],
        "days": settings.RESTORATION_DAYS,
        "most": MOST,
        "megabytes": settings.SCAN_MAX_BYTES // 1_000_000,
        "megapixels": settings.SCAN_MAX_MEGAPIXELS,
    }


def _take(request: HttpRequest, form: RestoreForm) -> HttpResponse:
    owner = request.user if isinstance(request.user, User) else None
    made = [
        services.restore_later(file=file, name=file.name, owner=owner, **form.choices())
        for file in form.cleaned_data["photos"]
    ]
    remember(request, *made)
    if len(made) == 1:
        return redirect(made[0])
    messages.success(request, f"{len(made)} photographs are on their way.")
    return redirect("restore")


def by_token(token: str) -> Restoration:
    """Whoever holds the token may see it; a wrong one does not exist."""
    return get_object_or_404(Restoration.objects.with_all(), token=token)


@public
@never_cache
@require_safe
def restoration(request: HttpRequest, token: str) -> HttpResponse:
    """One address for the whole life: progress, then results, or why it failed."""
    row = by_token(token)
    if request.htmx:  # type: ignore[attr-defined]
        return _poll(request, row)
    earlier = row.earlier if row.earlier and row.earlier.is_done else None
    shown = row if row.is_done else earlier
    context = {
        **_progress(row),
        "photo": row.photo,
        "shown": shown,
        "versions": finding.named(list(row.versions)),
        "may_erase": row.may_be_erased_by(request.user),
        "may_see_weights": showing.may_see_weights(request.user),
        "may_salvage": "truncated" in row.photo.reason,
        "reasons": Reason.choices,
        "said": row.feedback.first(),
        "exhibit": getattr(row, "exhibit", None),
        **({**showing.facts(shown), **finding.told(shown)} if shown else {}),
    }
    return render(request, "pipeline/restoration.html", context)


def _poll(request: HttpRequest, row: Restoration) -> HttpResponse:
    """What the waiting page asks every second: nothing where nothing moved."""
    if row.job is None or row.job.is_final:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = _progress(row)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "pipeline/_progress.html", context)


def _progress(row: Restoration) -> dict[str, Any]:
    job = row.job
    progress, message = (job.progress, job.message) if job else (0.0, "")
    left = stages.in_words(None if row.is_done else timing.seconds_left(row))
    position = row.position
    return {
        "restoration": row,
        "job": job,
        "position": position,
        "steps": stages.shown(progress),
        "left": left,
        "seen": f"{row.state}.{position}.{progress:.3f}.{message}.{left}",
    }


@public
@require_safe
def restoration_file(request: HttpRequest, token: str, kind: str, form: str) -> HttpResponseBase:
    """One picture; with ``?download`` as a file with a name."""
    return downloads.file(request, by_token(token), kind, form)


@public
@require_safe
def restoration_zip(request: HttpRequest, token: str) -> HttpResponseBase:
    return downloads.archive(by_token(token))
