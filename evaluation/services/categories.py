"""The category of each photo of a study: its album, or whether it shows faces."""

from collections.abc import Mapping, Sequence

from config.errors import Refused
from photos.models import Photo
from pipeline.models import Rendition

WITH_FACES, WITHOUT_FACES = "with faces", "without faces"
BY_FACES = frozenset({WITH_FACES, WITHOUT_FACES})


def of(photos: Sequence[Photo], weights: Mapping[str, float]) -> list[str]:
    """Albums; faces where the weights name nothing but "with faces" and "without faces"."""
    if not weights or not BY_FACES.issuperset(weights):
        return [photo.album for photo in photos]
    rows = Rendition.objects.filter(photo__in=photos, report__has_key="faces")
    seen = {pk: bool(faces) for pk, faces in rows.values_list("photo", "report__faces")}
    if missing := [str(photo) for photo in photos if photo.pk not in seen]:
        raise Refused(f"Nobody looked for faces in {', '.join(missing[:5])}: restore it anew.")
    return [WITH_FACES if seen[photo.pk] else WITHOUT_FACES for photo in photos]
