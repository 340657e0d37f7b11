"""A restoration (a request) and its renditions (images made by named weights)."""

import secrets
import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from annotate.models import DefectMask
from config.web.roles import Person, may
from jobs.models import Job, State
from photos.models import Origin, Photo, blob_key
from pipeline.models.restoration_settings import RestorationSettings
from training.models import ModelVersion


def new_token() -> str:
    """192 bits that nobody guesses: the private link of a visitor without an account."""
    return secrets.token_urlsafe(24)


class Rendition(models.Model):
    """One image made by named weights from one photo; asked twice, computed once."""

    class Kind(models.TextChoices):
        MASK = "mask", "damage found"
        INPAINTED = "inpainted", "repaired"
        INPAINTED_COLORIZED = "inpainted_colorized", "repaired in colour"
        COLORIZED = "colorized", "original in colour"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=20, choices=Kind)
    recipe = models.CharField(
        max_length=64, help_text="SHA-256 over the weights, mask and settings that made it."
    )
    segmentation = models.ForeignKey(
        ModelVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    inpainting = models.ForeignKey(
        ModelVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    colorization = models.ForeignKey(
        ModelVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    human_mask = models.ForeignKey(
        DefectMask, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    image = blob_key(help_text="PNG with exactly the photo's dimensions; a mask is white")
    jpeg = blob_key(help_text="The same picture for mail and web")
    preview = blob_key(help_text="JPEG, long side at most 1600 px; a coloured PNG for a mask")
    asked = blob_key(help_text="Of a mask: PNG that says which question a pixel belongs to.")
    foreseen = blob_key(help_text="Of a mask: small PNG of what other strengths would fill.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    report = models.JSONField(default=dict, help_text="seconds, engines, holes, warnings")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "kind", "recipe"], name="asked_twice_computed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.photo}"

    @property
    def versions(self) -> list[ModelVersion]:
        """The weights that had a part in it, in the order of the stages."""
        made = (self.segmentation, self.inpainting, self.colorization)
        return [version for version in made if version is not None]


def _with_files() -> "models.QuerySet[Rendition]":
    rows = Rendition.objects.select_related("segmentation", "inpainting", "colorization")
    return rows.select_related("image", "jpeg", "preview", "human_mask")


def expiry() -> Any:
    return Now() + timedelta(days=settings.RESTORATION_DAYS)


class RestorationQuerySet(models.QuerySet["Restoration"]):
    def expired(self) -> Self:
        """Past its last day; what hangs in the gallery stays until its owner takes it back."""
        return self.filter(expires_at__lt=Now()).exclude(exhibit__shown_at__isnull=False)

    def with_all(self) -> Self:
        return self.select_related("photo", "photo__preview", "photo__display", "job", "owner")

    def with_made(self) -> Self:
        """For lists: the pictures of all rows in one question."""
        return self.prefetch_related(
            models.Prefetch("renditions", queryset=_with_files(), to_attr="_made")
        )

    def finished_of(self, photos: "models.QuerySet[Photo]") -> Self:
        return self.filter(photo__in=photos, job__state=State.SUCCEEDED)

    def latest_of(self, photos: "models.QuerySet[Photo]") -> "list[Restoration]":
        """Of each of the photos the latest that is finished, with its pictures, by title."""
        rows = self.finished_of(photos).with_all().with_made()
        latest: dict[uuid.UUID, Restoration] = {}
        for row in rows.order_by("photo__title", "photo_id", "-created_at"):
            latest.setdefault(row.photo_id, row)
        return list(latest.values())

    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)


class Restoration(models.Model):
    """Somebody asked for the three results of a photo; its job is the truth about its state."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="restorations")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="restorations"
    )
    job = models.OneToOneField(
        Job, null=True, on_delete=models.SET_NULL, related_name="restoration"
    )
    settings = models.JSONField(default=dict, help_text="strength, careful, colourise")
    earlier = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="later",
        help_text="The restoration whose result this one is to better.",
    )
    corrected = blob_key(help_text="Damage as its owner marked it, in the painter's tiles.")
    corrected_digest = models.CharField(max_length=64, blank=True)
    colours = models.JSONField(
        null=True, blank=True, help_text="Strokes of colour that its owner painted."
    )
    renditions: "models.ManyToManyField[Rendition, models.Model]" = models.ManyToManyField(
        Rendition, related_name="restorations"
    )
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, db_index=True)

    objects = RestorationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at"])]

    def __str__(self) -> str:
        return f"restoration of {self.photo}"

    def get_absolute_url(self) -> str:
        return reverse("restoration", args=[self.token])

    @property
    def chosen(self) -> RestorationSettings:
        """The settings with their types."""
        return RestorationSettings.from_json(self.settings)

    def may_be_erased_by(self, user: Person) -> bool:
        """A visitor's own, by whoever holds its address; one of a lab photo, by staff."""
        return self.photo.origin == Origin.VISITOR or may(user, "admin", "reviewer")

    @property
    def state(self) -> str:
        return self.job.state if self.job else State.CANCELLED

    @property
    def is_done(self) -> bool:
        return self.state == State.SUCCEEDED

    @property
    def position(self) -> int:
        """How many photographs come before it; 0 when it runs or has ended."""
        if self.job is None or self.job.state != State.QUEUED:
            return 0
        queue = Job.objects.active().filter(queue=self.job.queue, kind=self.job.kind)
        # Not itself: SQLite keeps milliseconds as text, which sorts before the same with zeros.
        return queue.filter(created_at__lt=self.job.created_at).exclude(pk=self.job.pk).count()

    @property
    def versions(self) -> "models.QuerySet[Restoration]":
        """Every restoration of a visitor's photo, oldest first; of a lab photo this one alone."""
        rows = Restoration.objects.select_related("job")
        own = self.photo.origin == Origin.VISITOR
        return (rows.filter(photo=self.photo) if own else rows.filter(pk=self.pk)).order_by(
            "created_at"
        )

    @property
    def other_pages(self) -> list["Restoration"]:
        """Of the first photograph of a visitor's file: the first restoration of each other."""
        if self.photo.page != 1 or int(self.photo.transform.get("pages", 1)) < 2:
            return []
        rows = Restoration.objects.select_related("photo").filter(photo__page_of=self.photo_id)
        return list(rows.filter(earlier=None).order_by("photo__page"))

    @property
    def results(self) -> list[Rendition]:
        """The pictures for the visitor, in the order in which they are shown."""
        order = [Rendition.Kind.INPAINTED, Rendition.Kind.INPAINTED_COLORIZED]
        order.append(Rendition.Kind.COLORIZED)
        found = {rendition.kind: rendition for rendition in self.made}
        return [found[kind] for kind in order if kind in found]

    @property
    def downloads(self) -> list[Rendition]:
        return [*self.results, *([self.mask] if self.mask else [])]

    @property
    def mask(self) -> Rendition | None:
        return next((made for made in self.made if made.kind == Rendition.Kind.MASK), None)

    @property
    def made(self) -> list[Rendition]:
        if not hasattr(self, "_made"):
            self._made = list(_with_files().filter(restorations=self))
        return self._made
