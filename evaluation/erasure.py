"""A photo is erased: its blind copies go, the votes on them stay as numbers."""

from config.errors import Refused
from evaluation.models import BlindCopy, RivalPicture, Study
from photos.erasure import eraser
from photos.models import Photo

UNDER_WAY = (Study.State.PREPARING, Study.State.OPEN)


@eraser
def forget(photo: Photo) -> list[str]:
    """Refused while voters may still be shown it. A closed study keeps the copies' digests, which
    its export is checked with, and loses their pixels."""
    studies = Study.objects.filter(photos=photo)
    if shown := studies.filter(state__in=UNDER_WAY).first():
        raise Refused(f"{shown} shows this photograph to voters: close it first, then erase.")
    for draft in studies.filter(state=Study.State.DRAFT):
        draft.photos.remove(photo)
    copies = BlindCopy.objects.filter(photo=photo)
    files = [digest for digest in copies.values_list("image", flat=True) if digest]
    copies.update(image=None, rendition=None)
    pictures = RivalPicture.objects.filter(photo=photo)
    files += [digest for digest in pictures.values_list("image", flat=True) if digest]
    pictures.delete()
    return files
