"""Files of published networks that have arrived and wait for the words that import them."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.template.defaultfilters import filesizeformat

from photos.models import Blob


class GraphFileQuerySet(models.QuerySet["GraphFile"]):
    def old(self) -> Self:
        return self.filter(created_at__lt=Now() - timedelta(hours=settings.UPLOAD_HOURS))


class GraphFile(models.Model):
    """A graph, or the data beside one, as it was sent; it goes once it is imported, or in a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="graph_files"
    )
    name = models.CharField(max_length=200)
    file = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = GraphFileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name}, {filesizeformat(self.file.size)}"
