"""Webhooks: where an account wants to be told, and what has been told."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from config.words.fields import SaidField
from config.words.said import Words, said
from pipeline.models.restorations import Restoration, new_token
from pipeline.models.webhook_signatures import secret_text

MAX_LOST_IN_A_ROW = 10  # lost deliveries in a row before a webhook is switched off
KEPT = timedelta(days=30)


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def listening(self) -> Self:
        return self.filter(disabled_at=None)


class Webhook(models.Model):
    """LISTENING -> DISABLED (its receiver says 410 or fails for too long) | deleted"""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks"
    )
    url = models.CharField(max_length=500)
    salt = models.CharField(max_length=64, default=new_token, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, help_text="lost deliveries in a row")
    disabled_at = models.DateTimeField(null=True)
    reason = SaidField(blank=True, help_text="Why it is switched off.")
    created_at = models.DateTimeField(db_default=Now())

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.url

    @property
    def secret(self) -> str:
        """Derived from SECRET_KEY and a salt: the database alone signs nothing."""
        return secret_text(salted_hmac(self.salt, str(self.pk), algorithm="sha256").digest())

    def disable(self, reason: Words) -> bool:
        listening = Webhook.objects.listening().filter(pk=self.pk)
        return listening.update(disabled_at=Now(), reason=reason) == 1

    def note(self, *, lost: bool) -> None:
        """Counts deliveries lost in a row; too many switch it off."""
        rows = Webhook.objects.filter(pk=self.pk)
        if not lost:
            rows.filter(failures__gt=0).update(failures=0)
            return
        rows.update(failures=F("failures") + 1)
        if rows.filter(failures__gte=MAX_LOST_IN_A_ROW).exists():
            self.disable(said("webhook.lost-in-a-row", count=MAX_LOST_IN_A_ROW))


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def pending(self) -> Self:
        return self.select_related("webhook").filter(state=Delivery.State.PENDING)

    def old(self) -> Self:
        return self.filter(created_at__lt=Now() - KEPT)


class Delivery(models.Model):
    """One message. PENDING -> DELIVERED | LOST; it goes with its restoration."""

    class State(models.TextChoices):
        PENDING = "pending", "on its way"
        DELIVERED = "delivered", "delivered"
        LOST = "lost", "lost"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    restoration = models.ForeignKey(
        Restoration, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    event = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP status of the last one")
    answer = SaidField(blank=True, help_text="What came back, or why not.")
    created_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "restoration", "event"], name="told_once_per_webhook"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"

    def tried(self, *, state: str, status: int | None, answer: Words) -> bool:
        pending = Delivery.objects.filter(pk=self.pk, state=self.State.PENDING)
        kept = answer[:300] if isinstance(answer, str) else answer
        facts: dict[str, Any] = {"state": state, "status": status, "answer": kept}
        return pending.update(**facts, attempts=F("attempts") + 1, tried_at=Now()) == 1
