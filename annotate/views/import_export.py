"""Masks from and for other tools: the page, and what it shares with the API."""

import tempfile
from typing import Any, BinaryIO, Protocol, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotate.models import DefectMask
from annotate.services.import_export import archives, exports
from annotate.views.forms import ExportForm, MasksImportForm
from config.errors import Refused
from config.web.roles import needs

MEMORY = 64_000_000  # bytes of a ZIP that stay in memory
UPLOAD_LIMIT = 512_000_000


class Upload(Protocol):
    """An uploaded file, as much of it as is needed here."""

    name: str | None

    @property
    def size(self) -> int | None: ...

    def read(self, size: int = ..., /) -> bytes: ...


@require_safe
@needs("reviewer")
def exchange_page(request: HttpRequest) -> HttpResponse:
    masks = DefectMask.objects.accepted().values("photo").distinct().count()
    context = {"imports": MasksImportForm(), "exports": ExportForm(), "masks": masks}
    return render(request, "annotate/exchange.html", context)


@require_POST
@needs("reviewer")
def import_file(request: HttpRequest) -> HttpResponse:
    form = MasksImportForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"imports": form, "exports": ExportForm()}
        return render(request, "annotate/exchange.html", context, status=400)
    file, how = form.file_and_options()
    rows = take_in(file, how)
    masks = [row for row in rows if isinstance(row, DefectMask)]
    pixels = sum(mask.photo.width * mask.photo.height for mask in masks)
    painted = sum(sum(mask.areas.values()) for mask in masks)
    share = f" {100 * painted / pixels:.2f} % of their pixels are marked." if pixels else ""
    messages.success(request, f"Imported: {len(rows)}.{share}")
    return redirect("annotate_reviews" if masks else "annotate_exchange")


@require_safe
@needs("reviewer")
def export_file(request: HttpRequest) -> HttpResponseBase:
    form = ExportForm(request.GET)
    if not form.is_valid():
        context = {"imports": MasksImportForm(), "exports": form}
        return render(request, "annotate/exchange.html", context, status=400)
    return hand_out(form.cleaned_data["kind"], form.which())


def take_in(file: Upload, how: dict[str, Any]) -> list[Any]:
    """Everything that an uploaded file or ZIP holds; a refusal says what came in before it."""
    if (file.size or 0) > UPLOAD_LIMIT:
        raise Refused(f"A file of masks has at most {UPLOAD_LIMIT // 1_000_000} MB.")
    name = str(file.name or "")
    is_zip = name.lower().endswith(".zip")
    rows: list[Any] = []
    found = (
        archives.import_archive(data=cast(BinaryIO, file), **how)
        if is_zip
        else archives.import_masks(
            name=name, data=file.read(), beside=archives.nothing_beside, **how
        )
    )
    try:
        rows.extend(found)
    except Refused as reason:
        before = f" {len(rows)} before it came in." if rows else ""
        raise Refused(f"{reason}{before}") from reason
    return rows


def hand_out(kind: str, which: dict[str, Any]) -> HttpResponseBase:
    """The newest accepted masks as a ZIP, written to a file on disk when it grows large."""
    masks = exports.newest_accepted(**which)
    if not masks:
        raise Refused("No accepted mask is there to export.")
    out = tempfile.SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115 - the response closes it
    exports.export_archive(masks, kind, cast(Any, out))
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"masks-{kind}.zip")
