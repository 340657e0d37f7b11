"""Photos by folder or ZIP: the page, and the calls that its script makes file by file."""

import json
import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotate.models import Import
from annotate.services.import_export import photos_in
from annotate.views.forms import PhotosForm
from annotate.views.painter import person
from config.errors import Refused
from config.web.roles import needs
from config.words.said import NO_TEXT, plain
from config.words.wall import for_programs

DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_DIGESTS = 500


@require_safe
@needs("reviewer")
def bring_page(request: HttpRequest) -> HttpResponse:
    return render(request, "annotate/bring.html", {"form": PhotosForm()})


def _options(request: HttpRequest) -> PhotosForm:
    form = PhotosForm(request.POST)
    if not form.is_valid():
        field, problems = next(iter(form.errors.items()))
        raise Refused(f"{field}: {problems[0]}")
    return form


@require_POST
@needs("reviewer")
def bring_zip(request: HttpRequest) -> HttpResponse:
    """A ZIP of photos, for a worker."""
    if (file := request.FILES.get("file")) is None:
        raise Refused("Choose a ZIP.")
    options = _options(request).cleaned_data
    row = photos_in.zip_begun(file=file, name=str(file.name), options=options, by=person(request))
    return redirect("annotate_import", row.pk)


@require_POST
@needs("reviewer")
def begin(request: HttpRequest) -> JsonResponse:
    """Photos are about to come, one call each."""
    options = _options(request).cleaned_data
    name = request.POST.get("name", "") or "a folder"
    row = photos_in.begun(name=name, options=options, by=person(request))
    return JsonResponse({"id": str(row.pk)}, status=201)


@require_POST
@needs("reviewer")
def known(request: HttpRequest, import_id: UUID) -> JsonResponse:
    """{path: title} of the files, told by {path: SHA-256}, that need not be sent."""
    row = _begun(request, import_id)
    try:
        digests = json.loads(request.body)
    except ValueError as error:
        raise Refused("The digests could not be read.") from error
    if not isinstance(digests, dict) or len(digests) > MOST_DIGESTS:
        raise Refused(f"At most {MOST_DIGESTS} paths with their digests are asked for.")
    if any(NO_TEXT.search(path) for path in digests):
        raise Refused("A path has signs that are no text.")
    if not all(isinstance(each, str) and DIGEST.fullmatch(each) for each in digests.values()):
        raise Refused("A digest has 64 hexadecimal digits.")
    return JsonResponse(photos_in.known(row, digests))


def _begun(request: HttpRequest, import_id: UUID) -> Import:
    """An import of photos that this person began, and did not undo."""
    rows = Import.objects.filter(kind=Import.Kind.PHOTOS, created_by=person(request))
    return get_object_or_404(rows, pk=import_id, state=Import.State.DONE)


@require_POST
@needs("reviewer")
def bring_file(request: HttpRequest, import_id: UUID) -> JsonResponse:
    """One file with its path below the folder, and what became of it."""
    row = _begun(request, import_id)
    if (file := request.FILES.get("file")) is None:
        raise Refused("A file is missing.")
    path = request.POST.get("path", "") or str(file.name)
    return JsonResponse(for_programs(plain(photos_in.bring(row, path, file))))
