"""A photo is erased: restorations, their links, and every picture made of it go."""

from jobs.models import Job
from photos import erasure
from photos.erasure import eraser
from photos.models import Photo
from pipeline.models import Answer, Rendition, Restoration, Stroke, TonedPicture, UploadPart
from pipeline.services.orders import handing_over

FILES = ("image", "jpeg", "preview", "asked", "foreseen")


@eraser
def forget(photo: Photo) -> set[str]:
    """Work under way is told to stop; what it still makes finds the photo gone."""
    handing_over.forget_album(photo)
    asked = Restoration.objects.filter(photo=photo).select_related("job")
    for restoration in asked:
        if restoration.job is not None:
            restoration.job.request_cancel()
    strokes = Stroke.objects.filter(restoration__photo=photo)
    strokes.stop()
    links = [str(restoration.pk) for restoration in asked]
    erasure.forget_words(Job.objects.filter(params__restoration__in=links))
    made = Rendition.objects.filter(photo=photo)
    files = {str(digest) for row in made.values_list(*FILES) for digest in row if digest}
    files |= {str(row.corrected_id) for row in asked if row.corrected_id}
    pieces = UploadPart.objects.filter(upload__restoration__photo=photo)
    files |= set(pieces.values_list("blob", flat=True))
    files |= strokes.files()
    files |= TonedPicture.objects.filter(rendition__photo=photo).files()
    strokes.delete()
    Answer.objects.filter(photo=photo).delete()
    asked.delete()
    made.delete()
    return files
