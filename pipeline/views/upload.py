"""The upload page: photographs and choices in, restorations on their way."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from config.web.roles import public
from pipeline import services
from pipeline.services.progress import estimates, sent, steps
from pipeline.services.progress.examples import EXAMPLES
from pipeline.services.uploads import further_pages
from pipeline.services.uploads.throttles import upload_allowed
from pipeline.services.visitor_session import remember, remembered
from pipeline.views.forms import MAX_FILES_PER_UPLOAD, RestoreForm


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first screen: what this site does, shown, and the way to send a photograph."""
    context = _upload_page(request, RestoreForm()) | {
        "home": True,
        "may_upload": settings.PUBLIC_UPLOADS or request.user.is_authenticated,
        "examples": EXAMPLES,
        "takes": steps.usually(estimates.typical()),
    }
    return render(request, "home.html", context)


@public
def restore(request: HttpRequest) -> HttpResponse:
    """The upload page, with what this browser sent before."""
    if not settings.PUBLIC_UPLOADS and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    posted = request.method == "POST"
    form = RestoreForm(request.POST, request.FILES) if posted else RestoreForm()
    if posted and form.is_valid():
        files = form.cleaned_data["photos"]
        if upload_allowed(request, len(files)):
            return _take(request, form)
        form.add_error("photos", "That is too many photographs in an hour; try again later.")
    status = 400 if form.errors else 200
    return render(request, "pipeline/restore.html", _upload_page(request, form), status=status)


def _upload_page(request: HttpRequest, form: RestoreForm) -> dict[str, Any]:
    return {
        "form": form,
        "sent": sent.by(remembered(request)),
        "most": MAX_FILES_PER_UPLOAD,
        "megabytes": settings.SCAN_MAX_BYTES // 1_000_000,
        "megapixels": settings.SCAN_MAX_MEGAPIXELS,
    }


def _take(request: HttpRequest, form: RestoreForm) -> HttpResponse:
    owner = request.user if isinstance(request.user, User) else None
    made = [
        services.restore_later(file=file, name=file.name, owner=owner, **form.choices())
        for file in form.cleaned_data["photos"]
    ]
    further_pages.count(request, *made)
    remember(request, *made)
    if len(made) == 1:
        return redirect(made[0])
    messages.success(request, f"{len(made)} photographs are on their way.")
    return redirect("restore")
