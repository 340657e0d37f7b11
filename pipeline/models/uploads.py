"""Photographs that arrive in pieces, so that a broken line costs seconds and not the scan."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from config.web.roles import Person
from photos.models import Blob
from pipeline.models.restorations import Restoration, new_token
from training.models import GraphFile


def patience() -> Any:
    """When an upload that falls silent now is forgotten."""
    return Now() + timedelta(hours=settings.UPLOAD_HOURS)


class UploadQuerySet(models.QuerySet["Upload"]):
    def reachable_by(self, user: Person) -> Self:
        """A stranger's by whoever knows its address, an account's by that account alone."""
        mine = Q(owner=user) if isinstance(user, User) else Q()
        return self.filter(Q(owner=None) | mine)

    def unfinished(self) -> Self:
        return self.filter(restoration=None, graph=None)

    def expired(self) -> Self:
        return self.filter(expires_at__lt=Now())


class Upload(models.Model):
    """One file on its way.

    OPEN (offset < length) -> DONE (offset = length, and what it became exists) | erased
    """

    class Purpose(models.TextChoices):
        PHOTO = "photo", "a photograph to restore"
        GRAPH = "graph", "a published network, or the data beside it"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="uploads"
    )
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    metadata = models.TextField(blank=True, help_text="As the client sent it; HEAD repeats it.")
    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the whole file, if given.")
    choices = models.JSONField(default=dict, help_text="What the plain upload takes as fields.")
    restoration = models.OneToOneField(
        Restoration, null=True, on_delete=models.CASCADE, related_name="upload"
    )
    purpose = models.CharField(max_length=10, choices=Purpose, db_default=Purpose.PHOTO)
    graph = models.OneToOneField(
        GraphFile, null=True, on_delete=models.CASCADE, related_name="upload"
    )
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(db_index=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name or 'upload'}: {self.offset} of {self.length} bytes"

    @property
    def left(self) -> int:
        return self.length - self.offset

    def advance(self, size: int, made: Restoration | GraphFile | None = None) -> bool:
        """Counts `size` more bytes unless somebody else has moved the offset meanwhile."""
        untouched = Upload.objects.unfinished().filter(pk=self.pk, offset=self.offset)
        stop = self.offset + size
        field = "graph" if isinstance(made, GraphFile) else "restoration"
        if not untouched.update(offset=stop, expires_at=patience(), **{field: made}):
            return False
        self.offset = stop
        setattr(self, field, made)
        return True


class UploadPart(models.Model):
    """A piece of an unfinished upload, kept as a file of its own until the last one is there."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    start = models.PositiveBigIntegerField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "start"], name="one_part_at_an_offset")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} from {self.start}"
