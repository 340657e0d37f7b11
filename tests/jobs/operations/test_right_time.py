"""A clock that was ahead and is put back: beat goes on, and so does what was asked for then."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from accounts.mail import outbox
from accounts.models import Letter
from config.celery import app
from jobs.models import Job
from jobs.operations.right_time import RightTime
from jobs.services import sweep

DAY = timedelta(days=1)


def test_beat_does_not_wait_for_the_time_that_the_clock_had(tmp_path, settings):
    beat = RightTime(app, schedule_filename=str(tmp_path / "beat"), lazy=True)
    beat.setup_schedule()
    try:
        sent = []
        beat.apply_async = lambda entry, **more: sent.append(entry.name)
        rows = list(beat.schedule.values())
        for row in rows:
            row.last_run_at = app.now() + DAY
        beat.tick()
        assert not sent and all(row.last_run_at <= app.now() for row in beat.schedule.values())
        for row in beat.schedule.values():
            row.last_run_at = app.now() - DAY
        beat._heap = None
        beat.tick()
        assert sent
    finally:
        beat.close()


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["created_at", "started_at"])
def test_work_of_the_future_is_due_now(field):
    ahead = timezone.now() + DAY
    job = Job.objects.create(kind="x", queue="maintenance", available_at=ahead)
    pause = Job.objects.create(kind="x", queue="maintenance", available_at=ahead)
    Job.objects.filter(pk=job.pk).update(**{field: ahead})
    sweep()
    assert list(Job.objects.filter(available_at__lte=Now())) == [job]
    assert not Job.objects.filter(pk=pause.pk, available_at__lte=Now()).exists()


@pytest.mark.django_db
def test_a_letter_of_the_future_goes_now_and_a_failed_one_keeps_its_pause(settings, mailoutbox):
    settings.MAIL_IS_SET_UP = True
    ahead = timezone.now() + DAY
    for attempt in (0, 1):
        row = outbox.post(to="a@x.example", kind="digest", subject=str(attempt), body="x")
        Letter.objects.filter(pk=row.pk).update(
            created_at=ahead, available_at=ahead, attempt=attempt
        )
    outbox.send_due()
    assert [mail.subject.rpartition(" ")[2] for mail in mailoutbox] == ["0"]
