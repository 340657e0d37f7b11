"""The link that a customer gets: just the finished results, and one ZIP, until its last day."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.web.roles import public
from pipeline.models import Order
from pipeline.services import downloads
from pipeline.services.orders import handing_over

FORMS = ("preview", "jpg", "png")


def _open(token: str) -> Order:
    """After its last day, or closed by the lab, no file of it exists."""
    return get_object_or_404(Order.objects.handed_over(), token=token)


@public
@never_cache
@require_safe
def handover(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever comes after the last day is told so; what was closed is not known any more."""
    order = get_object_or_404(Order.objects.exclude(shared_until=None), token=token)
    if not order.is_open:
        return render(request, "pipeline/handover_ended.html", {"order": order}, status=410)
    context = {"order": order, "results": handing_over.results(order)}
    return render(request, "pipeline/handover.html", context)


@public
@require_safe
def handover_file(
    request: HttpRequest, token: str, pk: UUID, kind: str, form: str
) -> HttpResponseBase:
    """A result; neither the scan as it came nor the damage that was found."""
    row = handing_over.one(_open(token), pk)
    if form not in FORMS or kind not in {made.kind for made in row.results}:
        raise Http404
    return downloads.file(request, row, kind, form)


@public
@require_safe
def handover_zip(request: HttpRequest, token: str) -> HttpResponseBase:
    order = _open(token)
    return downloads.archive_of(handing_over.results(order), "photographs.zip")
