"""All that this browser sent: a list that keeps itself up to date, and one ZIP of the results."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.web.roles import public
from pipeline.services import downloads
from pipeline.services.progress import sent
from pipeline.services.visitor_session import remembered


@public
@never_cache
@require_safe
def restorations_sent(request: HttpRequest) -> HttpResponse:
    """What the upload pages ask every two seconds: nothing where nothing moved."""
    told = sent.by(remembered(request))
    if request.GET.get("seen") == told.seen:
        return HttpResponse(status=204)
    return render(request, "pipeline/_sent.html", {"sent": told})


@public
@require_safe
def restorations_sent_zip(request: HttpRequest) -> HttpResponseBase:
    rows = sent.of(remembered(request))
    return downloads.archive_of([row for row in rows if row.is_done], "photographs.zip")
