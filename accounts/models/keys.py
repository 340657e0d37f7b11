"""Keys for programs: named, limited to scopes, kept as a hash, revocable."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

PREFIX = "heirloom_"  # so that scanners of leaked secrets know one when they see it
SHOWN = 14
MAX_TOKENS_PER_ACCOUNT = 50  # usable ones of one account
YEAR = 365  # days that a token lives where nobody says how many
USE_NOTED = timedelta(minutes=1)


def digest(secret: str) -> str:
    """A plain hash will do: 256 bits cannot be guessed, unlike a password."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self) -> Self:
        unexpired = Q(expires_at=None) | Q(expires_at__gt=Now())
        return self.filter(unexpired, revoked_at=None, user__is_active=True)

    def found(self, secret: str) -> "ApiToken | None":
        return self.usable().select_related("user").filter(digest=digest(secret)).first()

    def make(
        self, *, user: User, name: str, scopes: list[str], expires_at: datetime | None = None
    ) -> tuple["ApiToken", str]:
        """The row and the secret, which nobody can read again later."""
        secret = PREFIX + secrets.token_urlsafe(32)
        row = self.create(
            user=user,
            name=name,
            scopes=scopes,
            digest=digest(secret),
            hint=secret[:SHOWN],
            expires_at=expires_at,
        )
        return row, secret


class ApiToken(models.Model):
    """USABLE -> REVOKED | ended (expires_at)"""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=80, help_text="What uses it.")
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=20, help_text="How it begins.")
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    def allows(self, scope: str) -> bool:
        return not scope or scope in self.scopes

    def revoke(self) -> bool:
        mine = ApiToken.objects.filter(pk=self.pk, revoked_at=None)
        return mine.update(revoked_at=Now()) == 1

    def note_use(self) -> None:
        """At most once a minute: reading must not cost a write each time."""
        if self.used_at is None or timezone.now() - self.used_at > USE_NOTED:
            ApiToken.objects.filter(pk=self.pk).update(used_at=Now())


class Preference(models.Model):
    """What a person chose for herself."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference"
    )
    time_zone = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="Empty: the browser's."
    )

    def __str__(self) -> str:
        return f"preferences of {self.user}"


class AuditEvent(models.Model):
    """What somebody with power did: append-only, by a trigger of the database."""

    person = models.PositiveIntegerField(help_text="The account's number; it may be gone.")
    name = models.CharField(max_length=150, help_text="As the account was called then.")
    method = models.CharField(max_length=10)
    route = models.CharField(max_length=200)
    of = models.JSONField(default=dict, help_text="What the address names.")
    status = models.PositiveSmallIntegerField()
    address = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.method} {self.route}"
