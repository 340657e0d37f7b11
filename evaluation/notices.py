"""What this room tells people of: studies that take no more votes."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.mail.notices import News, notice_source
from accounts.models import NoticeKind
from config.web.roles import admins
from config.words.said import said
from evaluation.models import Study
from evaluation.services import ballots


@notice_source
def decidable() -> Iterator[News]:
    """To admins, as every voter is told: nobody has to look into the study for it."""
    ready = [study for study in Study.objects.open() if ballots.takes_no_more(study)]
    people = list(admins().values_list("pk", flat=True)) if ready else []
    for study in ready:
        path = reverse("study", args=[study.number])
        text = said("notice.study-ready", number=study.number)
        for pk in people:
            yield News(pk, NoticeKind.STUDY_READY, text, f"study-{study.pk}", path)
