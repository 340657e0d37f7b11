"""What the lab knows of an album besides its photos, which name it by their ``album``."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Now

from config.web.roles import Person
from photos.models.photos import Photo, PhotoQuerySet


class AlbumQuerySet(models.QuerySet["Album"]):
    def met(self, user: Person) -> Self:
        """A row for every name that a photo in sight has: imports tell names only."""
        seen = Photo.objects.visible_to(user).exclude(album="")
        names = set(seen.order_by().values_list("album", flat=True).distinct())
        missing = names - set(self.filter(name__in=names).values_list("name", flat=True))
        self.bulk_create([Album(name=name) for name in missing], ignore_conflicts=True)
        return self.filter(name__in=names)

    def shut_to(self, person: models.Model) -> Self:
        """Albums that only others paint."""
        return self.exclude(painters=None).exclude(painters=person)


class Album(models.Model):
    """Photos that belong together: whose they are here, how they are painted, and by whom."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who answers for it in the lab.",
    )
    painters = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text="Only they are given its photos; nobody chosen: everybody.",
    )
    guideline = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="What is damage here and what is not, beside the general guideline.",
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = AlbumQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def photos(self, user: Person) -> PhotoQuerySet:
        rows = Photo.objects.visible_to(user).filter(album=self.name)
        return rows.exclude(state=Photo.State.ERASED)

    def change(self, *, painters: "list[User]", **facts: Any) -> None:
        Album.objects.filter(pk=self.pk).update(**facts)
        self.painters.set(painters)

    @staticmethod
    def of(photo: Photo) -> "Album | None":
        return Album.objects.filter(name=photo.album).first() if photo.album else None

    @staticmethod
    def forget_empty(name: str) -> None:
        """With the last photo of it goes what was noted of the album: it may name people."""
        if name and not Photo.objects.filter(album=name).exists():
            Album.objects.filter(name=name).delete()
