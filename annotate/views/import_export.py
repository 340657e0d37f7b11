"""Masks from and for other tools: the page, and what it shares with the API."""

import tempfile
from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from annotate.models import DefectMask, Import
from annotate.services.import_export import exports, photos_in, running
from annotate.services.import_export.options import WORDS as FORM_WORDS
from annotate.services.import_export.options import Options
from annotate.services.import_export.plan import NEW, WORDS, left_out_of
from annotate.views.forms import ExportForm, MasksImportForm
from annotate.views.painter import person
from config.asking import Question, asks
from config.errors import Refused
from config.web.capped_count import Pages
from config.web.roles import may, needs
from photos.models import Album

MEMORY = 8_000_000  # bytes of a ZIP that stay in memory
ROWS = 500  # of a report on the page; the API has them all
IMPORTS_PER_PAGE = 20
CAME: dict[str, str] = {Import.State.DONE: "came in", Import.State.UNDONE: "went again"}
FEW_ALBUMS = 3


@require_safe
@needs("reviewer")
def exchange_page(request: HttpRequest) -> HttpResponse:
    form = MasksImportForm(initial=_as_before(request.GET.get("again", "")))
    return render(request, "annotate/exchange.html", _page(request, form, ExportForm()))


def _as_before(number: str) -> dict[str, Any]:
    """What was chosen for a file that was refused, to be changed rather than said anew."""
    try:
        row = Import.objects.get(pk=UUID(number), kind=Import.Kind.MASKS)
    except (ValueError, Import.DoesNotExist):
        return {}
    names = (f"{name}={known}" for name, known in row.options.get("classes", {}).items())
    return {**row.options, "classes": ", ".join(names)}


def _page(request: HttpRequest, imports: MasksImportForm, out: ExportForm) -> dict[str, Any]:
    masks = DefectMask.objects.accepted().values("photo").distinct().count()
    rows = Import.objects.select_related("created_by")
    page = Pages(rows, IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    return {"imports": imports, "exports": out, "masks": masks, "page": page}


@require_POST
@needs("reviewer")
def import_file(request: HttpRequest) -> HttpResponse:
    """Keeps the file; a worker looks it through before anything comes in."""
    form = MasksImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(
            request, "annotate/exchange.html", _page(request, form, ExportForm()), status=400
        )
    file, options = form.cleaned_data["file"], form.options()
    running.may_accept(options, admin=may(request.user, "admin"))
    row = running.begun(
        file=file, name=str(file.name or "masks"), options=options, by=person(request), later=True
    )
    return redirect("annotate_import", row.pk)


def _albums(request: HttpRequest, row: Import) -> list[Album]:
    """Of the photographs that came in, where they are few enough for a button each."""
    if row.kind != Import.Kind.PHOTOS:
        return []
    names = row.photos.exclude(album="").values("album")
    found = list(Album.objects.met(request.user).filter(name__in=names)[: FEW_ALBUMS + 1])
    return found if len(found) <= FEW_ALBUMS else []


@require_safe
@needs("reviewer")
def import_page(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What would come in, or came in, photo by photo."""
    row = get_object_or_404(Import.objects.select_related("created_by"), pk=import_id)
    counts = row.counts()
    words = WORDS | {NEW: CAME.get(row.state, WORDS[NEW])}
    context = {
        "row": row,
        "rows": [_shown(each, words) for each in row.rows(ROWS)],
        "more": max(0, sum(counts.values()) - ROWS),
        "counts": [(words[name], count) for name, count in counts.items() if count],
        "job": running.job_of(row),
        "form": FORM_WORDS.get(row.options.get("kind", "")),
        "albums": _albums(request, row),
    }
    htmx = request.htmx  # type: ignore[attr-defined]
    return render(request, "annotate/_import.html" if htmx else "annotate/import.html", context)


def _shown(row: dict[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """A row of the report with a word for its outcome; classes without a pixel are not named."""
    pixels = {name: count for name, count in row.get("pixels", {}).items() if count}
    word = words.get(row["outcome"], "")
    return row | {"word": word, "pixels": pixels, "left_out": left_out_of(row)}


@require_POST
@needs("reviewer")
def confirm_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    row = get_object_or_404(Import, pk=import_id)
    options = running.may_accept(Options(**row.options), admin=may(request.user, "admin"))
    running.confirm(row, person(request))
    if options.accepted:
        accepted = {"import_id": row.pk, "because": options.because}
        audit.note(request, "annotate/imports/accepted-elsewhere/", **accepted)
    return redirect("annotate_import", import_id)


def _undoing(request: HttpRequest, import_id: UUID) -> Question:
    row = get_object_or_404(Import, pk=import_id)
    goes = f"The {row.get_kind_display()} that it brought go, where nobody worked on them since."
    return Question(f"Undo {row}?", goes, "Undo the whole import")


@require_POST
@needs("reviewer")
@asks(_undoing)
def undo_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    row = get_object_or_404(Import, pk=import_id)
    masks = row.kind == Import.Kind.MASKS
    gone = running.undo(row) if masks else photos_in.undo(row, person(request))
    messages.success(request, f"Undone: {gone} went.")
    return redirect("annotate_import", import_id)


@require_safe
@needs("reviewer")
def export_file(request: HttpRequest) -> HttpResponseBase:
    form = ExportForm(request.GET)
    if not form.is_valid():
        return render(
            request, "annotate/exchange.html", _page(request, MasksImportForm(), form), status=400
        )
    said = form.cleaned_data
    return hand_out(said["kind"], form.which(), pictures=said["pictures"])


def hand_out(kind: str, which: dict[str, Any], *, pictures: bool = False) -> HttpResponseBase:
    """The newest accepted masks as a ZIP, written to a file on disk when it grows large."""
    if kind == "probability":
        which = which | {"photo__suggestions__isnull": False}
    masks = exports.newest_accepted(**which)
    if not masks and kind == "probability":
        raise Refused("No photo with an accepted mask has a suggestion to export.")
    if not masks:
        raise Refused("No accepted mask is there to export.")
    out = tempfile.SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115 - the response closes it
    exports.export_archive(masks, kind, cast(Any, out), pictures=pictures)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"masks-{kind}.zip")
