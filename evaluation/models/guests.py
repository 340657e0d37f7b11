"""Guests: people without an account who vote in one study by a link that opens once."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from evaluation.models.studies import Study


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class GuestQuerySet(models.QuerySet["Guest"]):
    def found(self, secret: str) -> "Guest | None":
        """Whose link it is, used or not."""
        return self.select_related("study").filter(digest=digest(secret)).first()

    def holding(self, secret: str) -> "Guest | None":
        """Whose browser it is; none where the guest was forgotten."""
        rows = self.select_related("study", "account").exclude(account=None)
        return rows.filter(browser_digest=digest(secret)).first() if secret else None

    def unopened(self) -> Self:
        return self.filter(opened_at=None, withdrawn_at=None, expires_at__gt=Now())


class Guest(models.Model):
    """WAITING -> OPENED (one browser has it) -> ENDED (expires_at, withdrawn_at)

    Her votes are stored like any voter's, under an account that nobody can sign in to.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField(max_length=80, help_text="For admins alone; in no vote and no export.")
    digest = models.CharField(max_length=64, unique=True, help_text="Of the link's secret.")
    browser_digest = models.CharField(
        max_length=64, blank=True, help_text="Of the secret that the one browser keeps."
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="guest"
    )
    quota = models.PositiveIntegerField(help_text="Votes that she may cast, practice aside.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name}, a guest of {self.study}"

    @classmethod
    def make(
        cls, *, study: Study, name: str, quota: int, expires_at: datetime, made_by: Any
    ) -> tuple["Guest", str]:
        """The row and the secret of its address, which nobody can read again later."""
        secret = secrets.token_urlsafe(24)
        row = cls.objects.create(
            study=study,
            name=name,
            digest=digest(secret),
            quota=quota,
            expires_at=expires_at,
            made_by=made_by,
        )
        return row, secret

    @property
    def is_over(self) -> bool:
        return self.withdrawn_at is not None or self.expires_at <= timezone.now()

    @property
    def state(self) -> str:
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.is_over:
            return "time is over"
        return "link not opened" if self.opened_at is None else "voting"

    def open(self, account: Any) -> str:
        """Spends the link; the secret for the browser, empty for all but one who come at once."""
        secret = secrets.token_urlsafe(24)
        mine = Guest.objects.unopened().filter(pk=self.pk)
        facts = {"opened_at": Now(), "account": account, "browser_digest": digest(secret)}
        return secret if mine.update(**facts) == 1 else ""

    def withdraw(self) -> bool:
        mine = Guest.objects.filter(pk=self.pk, withdrawn_at=None)
        return mine.update(withdrawn_at=Now()) == 1
