"""Idempotency keys: what was answered to a request that may be sent again."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models.functions import Now

from pipeline.models.restorations import Restoration
from pipeline.models.uploads import Upload

KEPT = timedelta(hours=24)
HELD = timedelta(seconds=60)  # longer than any request may take; then its server has died


def held_until() -> Any:
    return Now() + HELD


class SentKeyQuerySet(models.QuerySet["SentKey"]):
    def old(self) -> Self:
        return self.filter(created_at__lt=Now() - KEPT)


class SentKey(models.Model):
    """HELD (a request is at work) -> ANSWERED | erased (the request was refused)

    It goes with what it made: after a deletion the key is free again.
    """

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of address and body.")
    holder = models.UUIDField(default=uuid.uuid4)
    held_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    location = models.TextField(blank=True)
    restoration = models.ForeignKey(
        Restoration, null=True, on_delete=models.CASCADE, related_name="+"
    )
    upload = models.ForeignKey(Upload, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = SentKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="a_key_once_per_caller")
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.caller}"

    def take_over(self) -> bool:
        """From a request whose server died before it answered."""
        holder = uuid.uuid4()
        left = SentKey.objects.filter(pk=self.pk, status=None, held_until__lt=Now())
        if not left.update(holder=holder, held_until=held_until()):
            return False
        self.holder = holder
        return True

    def answer(self, **facts: Any) -> bool:
        """Keeps the answer; False when somebody else has taken over meanwhile."""
        mine = SentKey.objects.filter(pk=self.pk, holder=self.holder, status=None)
        return mine.update(**facts) == 1

    def release(self) -> None:
        SentKey.objects.filter(pk=self.pk, holder=self.holder, status=None).delete()
