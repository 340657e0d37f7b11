"""One coming in of masks or photos, from its plan to its undoing."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from photos.models import Photo
from photos.models.files import blob_key


class Import(models.Model):
    """PLANNING -> PLANNED | REFUSED; PLANNED -> APPLYING -> DONE | REFUSED; DONE -> UNDONE"""

    class Kind(models.TextChoices):
        MASKS = "masks", "masks"
        PHOTOS = "photos", "photos"

    class State(models.TextChoices):
        PLANNING = "planning", "being looked through"
        PLANNED = "planned", "looked through"
        APPLYING = "applying", "coming in"
        DONE = "done", "in"
        REFUSED = "refused", "refused"
        UNDONE = "undone", "undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MASKS)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNING)
    name = models.CharField(max_length=300, blank=True, help_text="Of the file.")
    source = blob_key(help_text="The file, while somebody may still say yes to it.")
    options = models.JSONField(default=dict)
    report = models.JSONField(default=dict, help_text="What would come in, photo by photo.")
    reason = models.TextField(blank=True, help_text="Why it was refused, in a sentence.")
    photos = models.ManyToManyField(Photo, related_name="imports", help_text="That it brought.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"import of {self.name or self.get_kind_display()}"

    @property
    def is_working(self) -> bool:
        return self.state in (self.State.PLANNING, self.State.APPLYING)

    def move(self, *before: State, after: State, **more: Any) -> bool:
        """Compare-and-set: two clicks do the work once."""
        rows = Import.objects.filter(pk=self.pk, state__in=before)
        if rows.update(state=after, **more) != 1:
            return False
        self.refresh_from_db()
        return True
