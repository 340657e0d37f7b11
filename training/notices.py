"""What this room tells people of: runs that ended."""

from collections.abc import Iterator

from django.db.models.functions import Now
from django.urls import reverse

from accounts.mail.notices import LOOK_BACK, News, notice_source
from accounts.models import NoticeKind
from config.words.said import said
from jobs.models import FINAL, State
from training.models import TrainingRun
from training.services.training_job import train_run

ENDED = {
    State.SUCCEEDED: "notice.run-succeeded",
    State.FAILED: "notice.run-failed",
    State.CANCELLED: "notice.run-cancelled",
}


@notice_source
def ended() -> Iterator[News]:
    """To whoever started it, with how it ended."""
    jobs = train_run.jobs.filter(state__in=FINAL, finished_at__gt=Now() - LOOK_BACK)
    rows = jobs.values_list("pk", "params", "state")
    by_run = {params["run_id"]: (pk, state) for pk, params, state in rows}
    for run in TrainingRun.objects.filter(pk__in=by_run, created_by__isnull=False):
        job, state = by_run[str(run.pk)]
        text = said(ENDED[State(state)], run=str(run))
        path = reverse("run", args=[run.pk])
        yield News(run.created_by_id or 0, NoticeKind.RUN_ENDED, text, f"run-{job}-{state}", path)
