"""What a person is told: notices on the site, how she wants them by mail, letters on their way."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from config.words.fields import SaidField


class NoticeKind(models.TextChoices):
    MASK_RETURNED = "mask-returned", "a mask of mine came back from review"
    RUN_ENDED = "run-ended", "a training run ended"
    STUDY_READY = "study-ready", "a study may be decided"
    UPLOAD_FAILED = "upload-failed", "a photograph of mine could not be read"
    DISK_NEAR_FULL = "disk-near-full", "the disk is nearly full"


class Pace(models.TextChoices):
    NEVER = "never", "no mail"
    AT_ONCE = "at-once", "a mail for each"
    DAILY = "daily", "one mail a day"
    WEEKLY = "weekly", "one mail a week"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One thing that happened, for one person. It names no photograph: those may be erased."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=20, choices=NoticeKind)
    text = SaidField()
    path = models.CharField(max_length=200, blank=True, help_text="The page that shows it.")
    key = models.CharField(max_length=120, help_text="The same thing is told once.")
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "read_at"])]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="each_thing_is_told_once")
        ]

    def __str__(self) -> str:
        return str(self.text)


class MailChoice(models.Model):
    """How a person wants notices by mail; without a row once a day, of all kinds."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice"
    )
    pace = models.CharField(max_length=10, choices=Pace, default=Pace.DAILY)
    muted = models.JSONField(default=list, blank=True, help_text="Kinds that never go by mail.")
    digest_at = models.DateTimeField(null=True, help_text="When the last digest was written.")

    def __str__(self) -> str:
        return f"{self.person}: {self.get_pace_display()}"


class Letter(models.Model):
    """A mail on its way. Its text goes when it is sent or given up: it may hold a link.

    WAITING -> SENT | FAILED
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        FAILED = "failed", "given up"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="letters"
    )
    kind = models.CharField(max_length=20, help_text="A notice, a digest or a link.")
    to = models.EmailField()
    subject = models.CharField(max_length=150)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "available_at"])]

    def __str__(self) -> str:
        return self.subject
