"""What people declare around a study: looks before the end, conflicts, overrides, colour checks."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from evaluation.models.studies import Study


class Peek(models.Model):
    """Somebody looked into the open study: listed on the result page, and votes in it no more."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="peeks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    votes = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.user} looked at {self.study}"


class Conflict(models.Model):
    """A voter says that she had a part in a candidate: from then on she may only practise."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="conflicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "user"], name="one_conflict_a_voter")
        ]

    def __str__(self) -> str:
        return f"{self.user} had a part in {self.study}"


class Override(models.Model):
    """An admin wants the winner promoted although a guard blocks; two of them are needed."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="overrides")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["study", "user"], name="one_override_an_admin")
        ]

    def __str__(self) -> str:
        return f"{self.user} overrides the guards of {self.study}"


class ColourCheck(models.Model):
    """Whether a voter read both plates; she may leave it out."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="colour_checks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    passed = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "user"], name="one_check_a_voter")]

    def __str__(self) -> str:
        return f"{self.user} in {self.study}: {self.passed}"


class Checkpoint(models.Model):
    """The contest after so many votes, so that a ballot need not read the whole log.

    Nothing but a saved sum: delete it, and the next ballot counts again from the log.
    """

    study = models.OneToOneField(Study, on_delete=models.CASCADE, related_name="checkpoint")
    sequence = models.PositiveIntegerField()
    state = models.JSONField()

    def __str__(self) -> str:
        return f"{self.study} up to vote {self.sequence}"
