"""The library: photos in a grid, import, and one page for each photo."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotate import services
from annotate.formats.content import bare, without_ending
from annotate.models import Agreement
from annotate.services import consensus
from annotate.views.forms import ImportForm, LabellingForm, MaskImportForm
from annotate.views.painter import PAINTERS, person
from config.asking import Question, asks
from config.errors import Refused
from config.web.capped_count import Pages
from config.web.roles import may, needs
from photos import erasure
from photos import services as photos
from photos.models import Origin, Photo
from photos.models.photos import PhotoQuerySet

PAGE = 24
FILTERS = {
    "": "All",
    "waiting": "Waiting for a mask",
    "labelled": "With an accepted mask",
    "received": "Being read",
    "refused": "Refused",
}


def chosen(photos: PhotoQuerySet, *, show: str, words: str) -> PhotoQuerySet:
    """The photos of one filter and search."""
    gone = Q(state=Photo.State.ERASED) | Q(origin=Origin.PRACTICE)
    photos = photos.exclude(gone).with_labelled().order_by("-created_at", "pk")
    if words:
        photos = photos.search(words)
    if show == "waiting":
        return photos.unlabelled()
    if show == "labelled":
        return photos.labelled()
    return photos.filter(state=show) if show in ("received", "refused") else photos


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*PAINTERS)
def photo_list(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not may(request.user, "reviewer"):
            raise Refused("Only reviewers and admins import photos.")
        if form.is_valid():
            return _import(request, form)
    show, words = request.GET.get("show", ""), request.GET.get("q", "").strip()
    rows = chosen(Photo.objects.visible_to(request.user), show=show, words=words)
    page = Pages(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "reading": any(photo.state == Photo.State.RECEIVED for photo in page),
        "form": form,
        "filters": FILTERS,
        "show": show,
        "words": words,
        "may_import": may(request.user, "reviewer"),
    }
    template = "annotate/_grid.html" if request.htmx else "annotate/photos.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _import(request: HttpRequest, form: ImportForm) -> HttpResponse:
    added = 0
    for file in form.uploads():
        name = str(file.name or "")
        try:
            photos.add_photo(
                file=file,
                title=without_ending(bare(name)),
                original_name=name,
                created_by=person(request),
                **form.facts(),
            )
            added += 1
        except Refused as reason:
            messages.error(request, f"{name}: {reason}")
    if added:
        messages.success(request, f"{added} photo{'s are' if added > 1 else ' is'} being read.")
    return redirect("annotate_photos")


@require_safe
@needs(*PAINTERS)
def photo_page(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    reviewer = may(request.user, "reviewer")
    masks = photo.masks.select_related("author").prefetch_related("reviews__reviewer")
    context: dict[str, Any] = {
        "photo": photo,
        "reviewer": reviewer,
        "masks": masks if reviewer else masks.filter(author_id=request.user.pk),
        "assignments": photo.assignments.select_related("assessor") if reviewer else [],
        "agreements": photo.agreements.filter(kind=Agreement.Kind.PEOPLE).select_related(
            "first__author", "second__author"
        )
        if reviewer
        else [],
        "joinable": consensus.masks_to_join(photo) if reviewer else [],
        "labelling": LabellingForm(
            initial={name: getattr(photo, name) for name in LabellingForm.base_fields}
        ),
        "mask_import": MaskImportForm(),
    }
    return render(request, "annotate/photo.html", context)


@require_POST
@needs("reviewer")
def label(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    """Asks for masks of this photo, or no longer."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    form = LabellingForm(request.POST)
    if form.is_valid():
        photo.ask_for_masks(**form.cleaned_data)
        messages.success(request, "The queue knows.")
    else:
        messages.error(request, _first_error(form))
    return redirect("annotate_photo", photo_id)


@require_POST
@needs("reviewer")
def read_again(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    photos.read_photo_again(photo=photo, salvage="salvage" in request.POST)
    return redirect("annotate_photo", photo_id)


@require_POST
@needs("reviewer")
def import_mask(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    """A mask file made elsewhere; it waits for another reviewer's word."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    form = MaskImportForm(request.POST, request.FILES)
    if form.is_valid():
        file, how = form.file_and_options()
        mask = services.import_mask_file(photo=photo, file=file, author=person(request), **how)
        share = 100 * sum(mask.areas.values()) / (photo.width * photo.height)
        messages.success(request, f"The mask waits for review; {share:.2f} % of it is marked.")
    else:
        messages.error(request, _first_error(form))
    return redirect("annotate_photo", photo_id)


def _erasing(request: HttpRequest, photo_id: UUID) -> Question:
    photo = get_object_or_404(Photo, pk=photo_id)
    masks = photo.masks.count()
    goes = (
        f"Its files, {masks} mask{'' if masks == 1 else 's'}, its suggestions and every result go."
    )
    return Question(f"Erase “{photo}”?", f"{goes} This cannot be undone.", "Erase")


@require_POST
@needs("admin")
@asks(_erasing)
def erase(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    photo = get_object_or_404(Photo, pk=photo_id)
    erasure.erase_photo(photo=photo, erased_by=person(request))
    messages.success(request, "The photo, its files and its masks are erased.")
    return redirect("annotate_photos")


def _first_error(form: LabellingForm | MaskImportForm) -> str:
    field, problems = next(iter(form.errors.items()))
    return f"{field}: {problems[0]}"
