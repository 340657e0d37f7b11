"""What this room tells people of: masks that came back from review."""

from collections.abc import Iterator

from django.db.models.functions import Now
from django.urls import reverse

from accounts.mail.notices import LOOK_BACK, News, notice_source
from accounts.models import NoticeKind
from annotate.models import Assignment, DefectMask, Review
from config.words.said import said


@notice_source
def returned() -> Iterator[News]:
    """To its painter, who goes on with it from the queue; not where somebody else does."""
    rows = Review.objects.filter(
        verdict=Review.Verdict.RETURNED,
        created_at__gt=Now() - LOOK_BACK,
        mask__state=DefectMask.State.RETURNED,
        mask__assignment__state=Assignment.State.SUBMITTED,
    )
    path = reverse("annotate_queue")
    for pk, author in rows.values_list("pk", "mask__author_id"):
        if author is not None:
            text = said("notice.mask-returned")
            yield News(author, NoticeKind.MASK_RETURNED, text, f"review-{pk}", path)
