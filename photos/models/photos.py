"""Scans, and the record of those that were erased."""

import hashlib
import uuid
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from config.errors import Refused
from config.web.roles import Person, roles_of
from config.words.fields import SaidField
from config.words.said import Said, Words
from photos.models.files import blob_key
from photos.search_text import joined, normalised


def digest_of_page(digest: str, page: int) -> str:
    """Of a photograph in a file with this digest; the file's own for the first."""
    return digest if page == 1 else hashlib.sha256(f"{digest}:{page}".encode()).hexdigest()


def seed_of(digest: str, page: int = 1) -> int:
    """For the grain: the photograph's own, whatever is chosen."""
    return int(digest_of_page(digest, page)[:16], 16)


class Origin(models.TextChoices):
    IMPORT = "import", "imported by staff"
    VISITOR = "visitor", "uploaded by a visitor"
    DEMO = "demo", "demo content"
    PRACTICE = "practice", "for practice"


SEARCHED = ("title", "album", "source", "licence")


class PhotoQuerySet(models.QuerySet["Photo"]):
    def ready(self) -> Self:
        """Read, and one of the collection: a photo to practise on never is."""
        return self.filter(state=Photo.State.READY).exclude(origin=Origin.PRACTICE)

    def visible_to(self, user: Person) -> Self:
        """Staff see the lab's photos; a visitor's photo only when its owner allowed it."""
        own = models.Q(created_by_id=user.pk) if user.pk else models.Q(pk__in=[])
        if not roles_of(user):
            return self.filter(own)
        lab = models.Q(origin__in=[Origin.IMPORT, Origin.DEMO, Origin.PRACTICE])
        return self.filter(own | lab | models.Q(training_allowed=True))

    def with_leave(self) -> Self:
        """Without visitors' photos whose owner did not allow, or no longer allows, their use."""
        return self.exclude(origin=Origin.VISITOR, training_allowed=False)

    def search(self, words: str) -> Self:
        """Photos that hold the words in one of their texts, whatever their case and accents.

        Rows that code of a release before has made are found by their plain texts.
        """
        found = models.Q(search_text__contains=normalised(words))
        for text in SEARCHED:
            found |= models.Q(search_text="", **{f"{text}__icontains": words})
        return self.filter(found)

    def with_labelled(self) -> Self:
        """``labelled``: is there an accepted mask?"""
        masks = self.model._meta.get_field("masks").related_model._default_manager
        accepted = masks.filter(photo=models.OuterRef("pk"), state="accepted")
        return self.annotate(labelled=models.Exists(accepted))

    def labelled(self) -> Self:
        return self.with_labelled().filter(labelled=True)

    def unlabelled(self) -> Self:
        return self.for_labelling().with_labelled().filter(labelled=False)

    def for_labelling(self) -> Self:
        """What assessors may paint; a visitor's photo only with its owner's leave."""
        return self.ready().filter(wants_mask=True).with_leave()


OfPhoto = TypeVar("OfPhoto", bound=models.Model)


class OfPhotoQuerySet(models.QuerySet[OfPhoto]):
    """Rows that belong to a `photo`: pictures and names of them go through the same door."""

    def visible_to(self, user: Person) -> Self:
        return self.filter(photo__in=Photo.objects.visible_to(user))

    def with_leave(self) -> Self:
        return self.filter(photo__in=Photo.objects.with_leave())


class Photo(models.Model):
    """A scan. RECEIVED -> READY | REFUSED (decoding decides, in a worker)."""

    class State(models.TextChoices):
        RECEIVED = "received", "being read"
        READY = "ready", "ready"
        REFUSED = "refused", "refused"
        ERASED = "erased", "erased"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.IMPORT)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    reason = SaidField(blank=True, help_text="Why it was refused, in a sentence.")
    original = blob_key()
    working = blob_key(help_text="Canonical image: oriented, sRGB, 16 bits kept (PNG).")
    display = blob_key(help_text="8-bit JPEG of full size, for the painter.")
    preview = blob_key(help_text="JPEG, long side at most 1600 px.")
    thumbnail = blob_key(help_text="JPEG, long side at most 320 px.")
    cost_map = blob_key(help_text="8-bit ridge cost for the tracer (PNG).")
    infrared = blob_key(help_text="Dark on dust, of the working image's size (PNG).")
    tiles = blob_key(help_text="Halvings in tiles of a photo over 40 megapixels (zip of JPEG).")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    bits = models.PositiveSmallIntegerField(default=8)
    is_grey = models.BooleanField(default=False)
    page = models.PositiveSmallIntegerField(
        db_default=1, default=1, help_text="Which photograph of a file of several, from 1."
    )
    reading = models.JSONField(
        null=True,
        blank=True,
        help_text="What its owner asked of the reading: rotate, negative, crop, frame.",
    )
    page_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="pages",
        help_text="The first photograph of the same file.",
    )
    framed_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="framings",
        help_text="The photograph of which this one is the same file, cut to another frame.",
    )
    transform = models.JSONField(default=dict, help_text="How the working image came about.")
    album = models.CharField(max_length=120, blank=True, help_text="Splits keep albums together.")
    original_name = models.CharField(
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text="The file's name as it came, with its folder and ending.",
    )
    source = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    training_allowed = models.BooleanField(default=False)
    wants_mask = models.BooleanField(default=False)
    masks_wanted = models.PositiveSmallIntegerField(
        default=1, help_text="2 where two assessors paint independently, to measure agreement."
    )
    salvage = models.BooleanField(
        default=False, help_text="Read what is there of a file that ends too early."
    )
    true_mask = blob_key(help_text="Known damage of a synthetic photo (mask tiles).")
    note = models.TextField(blank=True, help_text="What its owner says went wrong.")
    marks = models.JSONField(default=list, help_text="Where: x and y in its pixels, and a word.")
    priority = models.FloatField(default=0.0)
    urgency = models.FloatField(
        default=0.0,
        help_text="How unsure the network is, less where the album has accepted masks.",
    )
    meant_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Only this person is given it to paint.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    search_text = models.TextField(
        blank=True, default="", db_default="", editable=False, help_text="See photos.search_text."
    )

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["-priority", "-urgency", "created_at"]),
            models.Index(fields=["-created_at"]),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None or set(fields) & set(SEARCHED):
            self.search_text = joined(getattr(self, text) for text in SEARCHED)
            kwargs["update_fields"] = fields and {*fields, "search_text"}
        super().save(*args, **kwargs)

    @property
    def name_in_logs(self) -> str:
        """For rows that outlive its owner's leave: a visitor's title is never written there."""
        return "a visitor's photograph" if self.origin == Origin.VISITOR else self.title

    def ask_for_masks(self, *, wants_mask: bool, priority: float, masks_wanted: int) -> None:
        Photo.objects.filter(pk=self.pk).update(
            wants_mask=wants_mask, priority=priority, masks_wanted=masks_wanted
        )

    def accept_scan(self, **facts: Any) -> bool:
        return self._decide(self.State.READY, reason="", **facts)

    @property
    def is_truncated(self) -> bool:
        """It was refused because its file ends too early: what is there can be read."""
        if isinstance(self.reason, Said):
            return self.reason.code == "scan.truncated"
        return "truncated" in self.reason  # older releases'

    def refuse_scan(self, reason: Words) -> bool:
        return self._decide(self.State.REFUSED, reason=reason)

    def hold_unerased(self) -> None:
        """Inside a transaction: nobody erases the photo before it ends; refused when it is gone."""
        here = Photo.objects.select_for_update().filter(pk=self.pk)
        if not here.exclude(state=self.State.ERASED).values_list("pk").first():
            raise Refused("This photograph was erased.")

    def read_again(self, *, salvage: bool) -> bool:
        """A refused scan gets another chance, with what is there of it."""
        rows = Photo.objects.filter(pk=self.pk, state=self.State.REFUSED)
        return rows.update(state=self.State.RECEIVED, reason="", salvage=salvage) == 1

    def _decide(self, after: State, **facts: Any) -> bool:
        rows = Photo.objects.filter(pk=self.pk, state=self.State.RECEIVED)
        if rows.update(state=after, **facts) != 1:
            return False
        self.refresh_from_db()
        return True

    @property
    def digest(self) -> str:
        """SHA-256 of the file and, of a file of several photographs, which one it is."""
        return digest_of_page(self.original.digest, self.page) if self.original else ""

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 2**20


class Erasure(models.Model):
    """A photo was erased, by whom, when and why; its files' digests let anybody look for them."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="erasures")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    because = models.CharField(max_length=300, blank=True)
    digests = models.JSONField(default=list)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.photo_id} erased"
