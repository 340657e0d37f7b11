"""What this room tells people of: a disk that is nearly full."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from accounts.mail.notices import News, notice_source
from accounts.models import NoticeKind
from config.web.disk_reserve import free_bytes
from config.web.roles import admins
from config.words.said import said


@notice_source
def disk() -> Iterator[News]:
    """Below twice the reserve, once a day, to admins: uploads still pass, but not for long."""
    free = free_bytes()
    if free >= 2 * settings.DISK_RESERVE_BYTES:
        return
    text = said("notice.disk", free=free / 1e9)
    key = f"disk-{timezone.now():%Y-%m-%d}"
    for pk in admins().values_list("pk", flat=True):
        yield News(pk, NoticeKind.DISK_NEAR_FULL, text, key, "/activity/")
