"""Follow, compare, download: the page of a restoration."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.web.roles import public
from pipeline.models import Reason, Restoration
from pipeline.services import downloads, result_context
from pipeline.services.adjusting import colour_strokes, frames, tones
from pipeline.services.progress import estimates, steps
from pipeline.services.questions import findings


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
        "versions": findings.named(list(row.versions)),
        "may_erase": row.may_be_erased_by(request.user),
        "may_see_weights": result_context.may_see_weights(request.user),
        "may_salvage": row.photo.is_truncated,
        "reasons": Reason.choices,
        "said": row.feedback.first(),
        "exhibit": getattr(row, "exhibit", None),
        "framings": frames.framings(row),
        **(_told(shown) if shown else {}),
    }
    return render(request, "pipeline/restoration.html", context)


def _told(shown: Restoration) -> dict[str, Any]:
    """Of a finished version, for the template."""
    facts, found = result_context.facts(shown), findings.told(shown)
    return {**facts, **found, **colour_strokes.told(shown), **tones.shown(shown)}


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
    left = steps.left_to_wait(None if row.is_done else estimates.seconds_left(row))
    position = row.position
    return {
        "restoration": row,
        "job": job,
        "position": position,
        "steps": steps.shown(progress),
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
    return downloads.archive(by_token(token), keep=downloads.KEEP in request.GET)
