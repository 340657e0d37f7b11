"""Upload, follow, compare, download, delete: the visitor's pages, and the staff's list."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotate.models import Photo
from config.roles import needs, public
from jobs.errors import Refused
from pipeline import downloads, services, showing, stages
from pipeline.forms import RestoreForm, VariantForm
from pipeline.models import Restoration
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
    mine = Restoration.objects.with_all().filter(token__in=remembered(request))
    status = 400 if form.errors else 200
    context = {"form": form, "mine": mine, "days": settings.RESTORATION_DAYS}
    return render(request, "pipeline/restore.html", context, status=status)


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


def _by_token(token: str) -> Restoration:
    """Whoever holds the token may see it; a wrong one does not exist."""
    return get_object_or_404(Restoration.objects.with_all(), token=token)


@public
@never_cache
@require_safe
def restoration(request: HttpRequest, token: str) -> HttpResponse:
    """One address for the whole life: progress, then results, or why it failed."""
    row = _by_token(token)
    context = {
        "restoration": row,
        "photo": row.photo,
        "job": row.job,
        "steps": stages.shown(row.job.progress if row.job else 0.0),
        "may_erase": row.may_be_erased_by(request.user),
        "may_see_weights": showing.may_see_weights(request.user),
        "may_salvage": "truncated" in row.photo.reason,
        **(showing.facts(row) if row.is_done else {}),
    }
    if request.htmx and row.job and row.job.is_final:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Refresh": "true"})
    template = "pipeline/_progress.html" if request.htmx else "pipeline/restoration.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@public
@require_safe
def restoration_file(request: HttpRequest, token: str, kind: str, form: str) -> HttpResponseBase:
    """One picture; with ``?download`` as a file with a name."""
    return downloads.file(request, _by_token(token), kind, form)


@public
@require_safe
def restoration_zip(request: HttpRequest, token: str) -> HttpResponseBase:
    return downloads.archive(_by_token(token))


@public
@require_POST
def restoration_erase(request: HttpRequest, token: str) -> HttpResponse:
    row = _by_token(token)
    if not row.may_be_erased_by(request.user):
        raise PermissionDenied("This photograph belongs to the lab: its staff may delete this.")
    services.erase(row)
    messages.success(request, "The photograph and everything made of it are deleted.")
    return redirect("restore")


@public
@require_POST
def restoration_offer(request: HttpRequest, token: str) -> HttpResponse:
    """The owner lets the lab learn from what went wrong."""
    row = _by_token(token)
    if not row.may_be_erased_by(request.user):
        raise PermissionDenied("This photograph belongs to the lab.")
    services.offer_for_labelling(row)
    messages.success(request, "Thank you. An assessor will mark what the network missed.")
    return redirect(row)


@public
@require_POST
def restoration_again(request: HttpRequest, token: str) -> HttpResponse:
    """Another attempt after a failure; of a truncated file, with what is there."""
    row = _by_token(token)
    services.restore_again(row, salvage="salvage" in request.POST)
    return redirect(row)


@public
@require_POST
def restoration_variant(request: HttpRequest, token: str) -> HttpResponse:
    """The same photograph with another strength: a restoration of its own."""
    row = _by_token(token)
    form = VariantForm(request.POST)
    if not form.is_valid():
        raise Refused("The strength must be between 0 and 1.")
    if not upload_allowed(request, 1):
        raise Refused("That is too many restorations in an hour; try again later.")
    made = services.restore_later(photo=row.photo, owner=row.owner, **form.choices())
    remember(request, made)
    return redirect(made)


@needs("admin", "reviewer")
@require_safe
def restorations(request: HttpRequest) -> HttpResponse:
    """What was asked for lately. A visitor's picture stays theirs unless they allowed it."""
    rows = list(Restoration.objects.with_all()[:100])
    visible = Photo.objects.visible_to(request.user).filter(pk__in=[row.photo_id for row in rows])
    context = {"rows": rows, "visible": set(visible.values_list("pk", flat=True))}
    return render(request, "pipeline/restorations.html", context)
