"""A photo is erased: its blind copies go, the votes on them stay as numbers."""

from pathlib import PurePath

from config.errors import Refused
from evaluation.models import BlindCopy, Rival, RivalPicture, Study
from photos.erasure import eraser
from photos.file_names import folded
from photos.models import Photo

UNDER_WAY = (Study.State.PREPARING, Study.State.OPEN)


@eraser
def forget(photo: Photo) -> list[str]:
    """Refused while voters may still be shown it. A closed study keeps the copies' digests, which
    its export is checked with, and loses their pixels."""
    studies = Study.objects.filter(photos=photo)
    if shown := studies.filter(state__in=UNDER_WAY).first():
        raise Refused(f"{shown} shows this photograph to voters: close it first, then erase.")
    _forget_names(photo)
    for draft in studies.filter(state=Study.State.DRAFT):
        draft.photos.remove(photo)
    copies = BlindCopy.objects.filter(photo=photo)
    files = [digest for digest in copies.values_list("image", flat=True) if digest]
    copies.update(image=None, rendition=None)
    pictures = RivalPicture.objects.filter(photo=photo)
    files += [digest for digest in pictures.values_list("image", flat=True) if digest]
    pictures.delete()
    return files


def _forget_names(photo: Photo) -> None:
    """A rival's list of files that were not taken may hold the photo's name."""
    given = [*_spellings(photo.title), *_spellings(photo.original_name)]
    names = {folded(word) for word in given if word}
    for rival in Rival.objects.filter(study__photos=photo).exclude(passed_over=[]):
        rival.passed_over = [
            told
            for told in rival.passed_over
            if names.isdisjoint(map(folded, _spellings(str(told.get("file", "")))))
        ]
        rival.save(update_fields=["passed_over"])


def _spellings(name: str) -> list[str]:
    """A file's name with its ending and without."""
    return [PurePath(name).name, PurePath(name).stem]
