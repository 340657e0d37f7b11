"""An album that the lab restores for a customer, and the link by which it is handed over."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now, TruncDate
from django.urls import reverse

from photos.models import Album, Photo
from photos.models.photos import PhotoQuerySet
from pipeline.models.restorations import new_token


class OrderQuerySet(models.QuerySet["Order"]):
    def handed_over(self) -> Self:
        """Those whose link is open today."""
        return self.filter(shared_until__gte=TruncDate(Now()))

    def of_album(self, album: Album, name: str) -> Self:
        """Of an album that is, or was, called so; a release before took orders by name alone."""
        return self.filter(models.Q(album_row=album) | models.Q(album_row=None, album=name))


class Order(models.Model):
    """Of one album; it goes with the album's last photo, or when staff delete it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    album = models.CharField(max_length=120, unique=True)
    album_row = models.ForeignKey(
        Album,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="orders",
        help_text="None where a release before took the order, which knew the name alone.",
    )
    number = models.CharField(max_length=40, blank=True, help_text="The lab's own.")
    customer = models.CharField(max_length=200, blank=True, help_text="The customer's name.")
    note = models.TextField(blank=True, max_length=2000)
    token = models.CharField(max_length=64, unique=True, default=new_token)
    shared_until = models.DateField(
        null=True, blank=True, help_text="The link's last day; without one it is closed."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=~models.Q(number=""),
                name="an_order_number_once",
                violation_error_message="Another order has this number.",
            )
        ]

    def __str__(self) -> str:
        return f"order {self.number}" if self.number else f"the order of {self.album}"

    def get_absolute_url(self) -> str:
        return reverse("order", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return Order.objects.handed_over().filter(pk=self.pk).exists()

    @property
    def photos(self) -> PhotoQuerySet:
        """Of its album, whoever brought them."""
        name = self.album if self.album_row is None else self.album_row.name
        return Photo.objects.filter(album=name)

    def open_link(self, until: Any) -> None:
        Order.objects.filter(pk=self.pk).update(shared_until=until)

    def close_link(self) -> None:
        """The address that was handed over opens nothing any more, also when a new one is."""
        Order.objects.filter(pk=self.pk).update(shared_until=None, token=new_token())
