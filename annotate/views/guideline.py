"""The guideline: what each class is, in words, drawings and the lab's own accepted masks."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from annotate.services.desk import guideline
from annotate.views.painter import PAINTERS, person
from config.web.roles import needs
from photos.masks.classes import CLASSES
from photos.models import Album

WORDS = {
    "fracture": "Cracks, creases, tears and scratches: lines where the picture is broken. Paint "
    "the whole width of the line, and nothing beside it.",
    "scuff": "Dust, specks, stains and rubbed places: the picture is covered or worn, but is still "
    "there around and often beneath.",
    "hole": "Nothing of the picture is left: missing corners, torn out pieces, flaked off areas.",
    "ignore": "What nobody can decide. It counts neither way; use it rarely and paint it broadly.",
}
NOT_DAMAGE = (
    "Writing, stamps and borders that belong to the print, wrinkles of a face, seams of cloth, "
    "grain of paper and film: leave them."
)


@require_safe
@needs(*PAINTERS)
def guideline_page(request: HttpRequest) -> HttpResponse:
    examples = guideline.examples(person(request))
    context = {
        "album": _album(request.GET.get("album", "")),
        "classes": [(name, words, examples.get(name, [])) for name, words in WORDS.items()],
        "not_damage": NOT_DAMAGE,
    }
    return render(request, "annotate/guideline.html", context)


def _album(number: str) -> Album | None:
    try:
        return Album.objects.filter(pk=UUID(number)).first() if number else None
    except ValueError:
        return None


@require_safe
@needs(*PAINTERS)
def example(request: HttpRequest, mask_id: UUID, defect: str) -> HttpResponse:
    rows = guideline.shown_masks().visible_to(request.user).select_related("photo")
    mask = get_object_or_404(rows, pk=mask_id)
    picture = guideline.example_jpeg(mask, defect) if defect in CLASSES else None
    if picture is None:
        raise Http404
    response = HttpResponse(picture, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response
