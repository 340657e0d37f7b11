"""The public gallery: what its owners agreed to show, with all stages."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from config.web.capped_count import Pages
from config.web.roles import public
from pipeline.models import Exhibit
from pipeline.services import downloads

A_PAGE = 24
FORMS = ("preview", "jpg")


@public
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    rows = Exhibit.objects.shown().select_related("restoration__photo")
    page = Pages(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "pipeline/gallery.html", {"page": page})


def _shown(pk: UUID) -> Exhibit:
    """Taken down or withdrawn, it does not exist."""
    rows = Exhibit.objects.shown().select_related("restoration__photo", "restoration__job")
    return get_object_or_404(rows, pk=pk)


@public
@require_safe
def exhibit(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _shown(pk)
    context = {"exhibit": row, "shown": row.restoration, "photo": row.restoration.photo}
    return render(request, "pipeline/exhibit.html", context)


@public
@require_safe
def exhibit_file(request: HttpRequest, pk: UUID, kind: str, form: str) -> HttpResponseBase:
    """A picture to look at: no originals, no lossless files, no names."""
    if form not in FORMS:
        raise Http404
    return downloads.file(request, _shown(pk).restoration, kind, form, named=False)
