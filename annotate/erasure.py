"""A photo is erased: its masks, strokes and suggestions go."""

from typing import Any

from annotate.models import DefectMask, Import, StrokeDelta, Suggestion
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
    _scrub_reports(photo)
    photo.imports.clear()
    photo.assignments.all().delete()
    photo.suggestions.all().delete()
    photo.masks.all().delete()
    return gone


def _scrub_reports(photo: Photo) -> None:
    """Reports of imports name photos and their files."""
    photo.import_lines.update(file="Erased", title="Erased", reason="", photo=None)
    number = str(photo.pk)
    for row in Import.objects.iterator(20):
        rows = row.report.get("rows", [])
        if any(each.get("photo") == number for each in rows):
            gone: dict[str, Any] = {
                "file": "Erased",
                "title": "Erased",
                "reason": "",
                "notes": [],
                "photo": None,
            }
            row.report["rows"] = [
                each | gone if each.get("photo") == number else each for each in rows
            ]
            row.save(update_fields=["report"])
