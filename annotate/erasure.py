"""A photo is erased: its masks, strokes and suggestions go."""

from annotate.models import DefectMask, StrokeDelta, Suggestion
from photos.erasure import eraser
from photos.models import Photo


@eraser
def forget(photo: Photo) -> set[str]:
    """Masks, strokes and suggestions; answers with the files they had."""
    gone: set[str] = set()
    for rows, field in (
        (DefectMask.objects.filter(photo=photo), "tiles"),
        (StrokeDelta.objects.filter(mask__photo=photo), "tiles"),
        (Suggestion.objects.filter(photo=photo), "probability"),
    ):
        gone |= set(rows.exclude(**{field: None}).values_list(field, flat=True))
    photo.assignments.all().delete()
    photo.suggestions.all().delete()
    photo.masks.all().delete()
    return gone
