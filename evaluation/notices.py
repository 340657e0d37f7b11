"""What this room tells people of: studies that have the votes they were planned for."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.mail.notices import News, notice_source
from accounts.models import NoticeKind
from config.web.roles import admins
from evaluation.models import Study
from evaluation.services import ballots

FULL = 100  # percent of the planned votes


@notice_source
def decidable() -> Iterator[News]:
    """To admins, by the count of votes alone: nobody has to look into the study for it."""
    ready = [study for study in Study.objects.open() if ballots.progress(study) >= FULL]
    people = list(admins().values_list("pk", flat=True)) if ready else []
    for study in ready:
        path = reverse("study", args=[study.number])
        said = f"Study {study.number} has its votes and may be decided."
        for pk in people:
            yield News(pk, NoticeKind.STUDY_READY, said, f"study-{study.pk}", path)
