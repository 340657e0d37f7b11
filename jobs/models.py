"""The Job row: the truth about background work. A Celery message is only a hint to look at it."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from config.words.fields import SaidField
from config.words.said import Words

WORKER_BEAT_SECONDS = 15
CLOCK_SLACK_SECONDS = 5  # seconds that hosts' clocks may differ


class Queue(models.TextChoices):
    QUICK = "quick", "a small answer"
    INTERACTIVE = "interactive", "a visitor waits"
    TRAIN = "train", "training"
    MAINTENANCE = "maintenance", "upkeep"


class State(models.TextChoices):
    QUEUED = "queued", "waiting"
    RUNNING = "running", "running"
    SUCCEEDED = "succeeded", "done"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


FINAL = (State.SUCCEEDED, State.FAILED, State.CANCELLED)


def lease_end() -> Any:
    """When a lease taken now ends, by the database's clock: the only clock used."""
    return Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


def lasting(seconds: float) -> str:
    """As people say it, with two units at most."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    large, small, names = (
        (*divmod(whole, 60), ("min", "s"))
        if whole < 3600
        else (*divmod(whole // 60, 60), ("h", "min"))
    )
    return f"{large} {names[0]} {small} {names[1]}" if small else f"{large} {names[0]}"


class JobQuerySet(models.QuerySet["Job"]):
    def claimable(self) -> Self:
        due = Q(state=State.QUEUED, available_at__lte=Now())
        lost = Q(state=State.RUNNING, lease_until__lt=Now())
        return self.filter(due | lost, attempt__lt=F("max_attempts"))

    def due(self) -> Self:
        return self.filter(state=State.QUEUED, available_at__lte=Now())

    def active(self) -> Self:
        return self.filter(state__in=[State.QUEUED, State.RUNNING])

    def lease_ended(self) -> Self:
        return self.filter(state=State.RUNNING, lease_until__lt=Now())

    def lease_too_long(self) -> Self:
        """Longer than any lease can be: the clock was put back since it was taken."""
        most = timedelta(seconds=settings.JOB_LEASE_SECONDS + CLOCK_SLACK_SECONDS)
        return self.filter(state=State.RUNNING, lease_until__gt=Now() + most)

    def dated_ahead(self) -> Self:
        """Waits for a time that was reckoned from a clock which was put back since.

        Asked for, or last begun, in what is the future now: without this it would wait as long as
        the clock was ahead.
        """
        ahead = Now() + timedelta(seconds=CLOCK_SLACK_SECONDS)
        wrong = Q(created_at__gt=ahead) | Q(started_at__gt=ahead)
        return self.filter(wrong, state=State.QUEUED, available_at__gt=ahead)

    def unsent(self) -> Self:
        """Due, and no hint sent for a while: the hint may be lost.

        A hint of the future was sent before the clock was put back.
        """
        late = Now() - timedelta(seconds=settings.JOB_RESEND_SECONDS)
        ahead = Now() + timedelta(seconds=CLOCK_SLACK_SECONDS)
        stale = Q(sent_at__isnull=True) | Q(sent_at__lt=late) | Q(sent_at__gt=ahead)
        return self.due().filter(stale)


class Job(models.Model):
    """One piece of background work.

    QUEUED -> RUNNING -> SUCCEEDED | FAILED | CANCELLED
    RUNNING -> QUEUED when the lease ends or the worker hands the job back
    QUEUED -> CANCELLED
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80)
    queue = models.CharField(max_length=20, choices=Queue, default=Queue.INTERACTIVE)
    params = models.JSONField(default=dict)
    title = SaidField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    created_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    progress = models.FloatField(default=0.0)
    message = SaidField(blank=True)
    cancel_requested = models.BooleanField(default=False)
    error = SaidField(blank=True)
    key = models.CharField(max_length=120, null=True, unique=True)
    request_id = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Who asked, in the log."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "queue", "available_at"]),
            models.Index(fields=["state", "lease_until"]),
            models.Index(fields=["-created_at"]),
            models.Index(fields=["finished_at"]),
        ]

    def __str__(self) -> str:
        return str(self.title) or self.kind

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def seconds(self) -> float | None:
        """How long its last attempt took, or takes so far; None where it never began or waits."""
        ended = self.finished_at or (timezone.now() if self.state == State.RUNNING else None)
        if self.started_at is None or ended is None:
            return None
        return max(0.0, (ended - self.started_at).total_seconds())

    @property
    def duration(self) -> str:
        return "" if self.seconds is None else lasting(self.seconds)

    @property
    def percent(self) -> int:
        return round(100 * self.progress)

    def claim(self, *, owner: str) -> uuid.UUID | None:
        """Takes the job if it is free; the token fences every later write."""
        token = uuid.uuid4()
        taken = (
            Job.objects.claimable()
            .filter(pk=self.pk)
            .update(
                state=State.RUNNING,
                attempt=F("attempt") + 1,
                lease_owner=owner[:100],
                lease_token=token,
                lease_until=lease_end(),
                heartbeat_at=Now(),
                started_at=Now(),
                error="",
            )
        )
        return token if taken else None

    def _held(self, token: uuid.UUID) -> JobQuerySet:
        return Job.objects.filter(pk=self.pk, state=State.RUNNING, lease_token=token)

    def renew(self, token: uuid.UUID) -> bool:
        """Heartbeat; False when the lease is lost."""
        return self._held(token).update(lease_until=lease_end(), heartbeat_at=Now()) == 1

    def report(self, token: uuid.UUID, *, progress: float, message: Words) -> bool:
        share = min(1.0, max(0.0, progress))
        return self._held(token).update(progress=share, message=message) == 1

    def succeed(self, token: uuid.UUID) -> bool:
        return self._held(token).update(**self._ended(State.SUCCEEDED), progress=1.0) == 1

    def fail(self, token: uuid.UUID, reason: Words) -> bool:
        return self._held(token).update(**self._ended(State.FAILED), error=reason) == 1

    def mark_cancelled(self, token: uuid.UUID) -> bool:
        return self._held(token).update(**self._ended(State.CANCELLED)) == 1

    def hand_back(self, token: uuid.UUID, *, reason: Words = "", delay: float = 0.0) -> bool:
        """Returns the job to the queue, to start again after ``delay`` seconds."""
        return (
            self._held(token).update(
                state=State.QUEUED,
                lease_token=None,
                lease_until=None,
                sent_at=None,
                error=reason,
                available_at=Now() + timedelta(seconds=delay),
            )
            == 1
        )

    def give_attempt_back(self) -> None:
        """An orderly stop is no failure: it must not use up an attempt."""
        Job.objects.filter(pk=self.pk, attempt__gt=0).update(attempt=F("attempt") - 1)

    def request_cancel(self) -> bool:
        """A waiting job ends at once, a running one at its next tile or batch."""
        waiting = Job.objects.filter(pk=self.pk, state=State.QUEUED)
        if waiting.update(**self._ended(State.CANCELLED), cancel_requested=True):
            return True
        running = Job.objects.filter(pk=self.pk, state=State.RUNNING)
        return running.update(cancel_requested=True) == 1

    def retry(self) -> bool:
        """Puts a failed or cancelled job back into the queue with fresh attempts."""
        ended = Job.objects.filter(pk=self.pk, state__in=[State.FAILED, State.CANCELLED])
        return (
            ended.update(
                state=State.QUEUED,
                attempt=0,
                cancel_requested=False,
                error="",
                sent_at=None,
                finished_at=None,
                available_at=Now(),
            )
            == 1
        )

    @staticmethod
    def _ended(state: State) -> dict[str, Any]:
        return {"state": state, "finished_at": Now(), "lease_token": None, "lease_until": None}


class JobLine(models.Model):
    """One line of a job's log, shown on the Activity page."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField(db_default=Now())
    text = SaidField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.text)


class WorkerQuerySet(models.QuerySet["Worker"]):
    def fresh(self) -> Self:
        """Seen within three beats of its heart."""
        return self.filter(seen_at__gte=Now() - timedelta(seconds=3 * WORKER_BEAT_SECONDS))

    def long_gone(self) -> Self:
        return self.filter(seen_at__lt=Now() - timedelta(days=1))


class Worker(models.Model):
    """A worker process that says every few seconds that it is there, busy or not."""

    name = models.CharField(max_length=100, primary_key=True)
    queues = models.JSONField(default=list)
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    objects = WorkerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class SecondsSoFar(models.Model):
    """Seconds of all work that ended up to a moment, by kind, so that nobody adds up old rows."""

    through = models.DateTimeField()
    sums = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"seconds of work up to {self.through}"
