"""Named colours that the lab adds to those that ship: its town's uniforms, its own references."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now

HEX = r"^#[0-9a-f]{6}$"


class LabSwatch(models.Model):
    """One colour in one group; within a group a name stands once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.CharField(max_length=40, help_text="Such as Uniforms; a new name begins one.")
    name = models.CharField(max_length=60, help_text="What people look for, such as Town guard.")
    rgb = models.CharField("colour", max_length=7, validators=[RegexValidator(HEX)])
    source = models.CharField(
        max_length=200, help_text="Where it is from: an object, a standard, a photograph."
    )
    exact = models.BooleanField(
        "the source itself gives these numbers",
        default=False,
        help_text="Otherwise people read that it is approximate.",
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = [Lower("group"), "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("group"),
                Lower("name"),
                name="swatch_named_once",
                violation_error_message="There is one of this name in the group already.",
            ),
            models.CheckConstraint(condition=models.Q(rgb__regex=HEX), name="swatch_rgb_is_hex"),
        ]

    def __str__(self) -> str:
        return self.name
