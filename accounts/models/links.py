"""What lets a person in beside her password: a link, a spare code, another's word."""

import secrets
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models.keys import digest
from config.web.roles import admins

INVITE_DAYS, RESET_HOURS = 7, 4


class OneUseLinkQuerySet(models.QuerySet["OneUseLink"]):
    def usable(self) -> Self:
        """Not used, withdrawn or ended, nor of a closed account; whoever made it is still admin.

        No joins, so that an update asks all of it in the moment in which it spends a link.
        """
        closed = Q(person__in=User.objects.filter(is_active=False).values("pk"))
        may_still = Q(made_by__in=admins().values("pk"))
        forgot_herself = Q(made_by=None, kind=OneUseLink.Kind.RESET)
        open_ = self.filter(used_at=None, withdrawn_at=None, expires_at__gt=Now())
        return open_.filter(~closed, may_still | forgot_herself)

    def found(self, secret: str) -> "OneUseLink | None":
        return self.usable().select_related("person").filter(digest=digest(secret)).first()

    def make(self, kind: "OneUseLink.Kind", **facts: Any) -> tuple["OneUseLink", str]:
        """The row and the secret of its address, which nobody can read again later."""
        secret = secrets.token_urlsafe(24)
        invites = kind == OneUseLink.Kind.INVITE
        lives = timedelta(days=INVITE_DAYS) if invites else timedelta(hours=RESET_HOURS)
        ends = timezone.now() + lives
        return self.create(kind=kind, digest=digest(secret), expires_at=ends, **facts), secret


class OneUseLink(models.Model):
    """USABLE -> used | withdrawn | ended (expires_at)"""

    class Kind(models.TextChoices):
        INVITE = "invite", "a new account"
        RESET = "reset", "a new password"

    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="links",
        help_text="Whose password is reset, or who joined by it.",
    )
    name = models.CharField(max_length=150, blank=True, help_text="The name proposed to her.")
    email = models.EmailField(blank=True)
    roles = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = OneUseLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return (
            f"{self.get_kind_display()} for {self.name or self.email or self.person or 'anybody'}"
        )

    def use(self) -> bool:
        """Spends it; of two who come at once, one gets True."""
        return OneUseLink.objects.usable().filter(pk=self.pk).update(used_at=Now()) == 1

    def withdraw(self) -> bool:
        mine = OneUseLink.objects.filter(pk=self.pk, used_at=None, withdrawn_at=None)
        return mine.update(withdrawn_at=Now()) == 1


class RecoveryCode(models.Model):
    """A code for the day when the telephone is lost; opens once and is kept as a hash."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"a recovery code of {self.person}"

    @classmethod
    def spend(cls, person: User, code: str) -> bool:
        """True once for each code: the database decides between two who send it at once."""
        mine = cls.objects.filter(person=person, digest=digest(code), used_at=None)
        return mine.update(used_at=Now()) == 1


class Identity(models.Model):
    """Whom a provider of single sign-on means: by its own number for her, which never changes."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities"
    )
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_an_identity")
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.issuer}"
