"""What this room tells people of: photographs of theirs that could not be read."""

from collections.abc import Iterator

from django.db.models.functions import Now

from accounts.mail.notices import LOOK_BACK, News, notice_source
from accounts.models import NoticeKind
from config.words.said import said
from jobs.models import State
from photos.models import Photo
from photos.services import prepare_photo


@notice_source
def unread() -> Iterator[News]:
    """To whoever brought it; the reason stands on the photograph's own page."""
    failed = prepare_photo.jobs.filter(state=State.FAILED, finished_at__gt=Now() - LOOK_BACK)
    jobs = {str(params["photo_id"]): pk for pk, params in failed.values_list("pk", "params")}
    photos = Photo.objects.filter(pk__in=jobs, created_by__isnull=False)
    for photo, person in photos.values_list("pk", "created_by_id"):
        text = said("notice.unread")
        yield News(
            person, NoticeKind.UPLOAD_FAILED, text, f"unread-{jobs[str(photo)]}", "/restore/"
        )
