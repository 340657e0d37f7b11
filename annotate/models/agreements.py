"""How far masks agree with each other, and a network with people."""

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from annotate.models.masks import DefectMask
from photos.models.photos import OfPhotoQuerySet, Photo


@dataclass(frozen=True)
class Record:
    """A network's mean F1 within 2 px against people, and over how many masks."""

    masks: int
    f1: float

    PROVEN_F1: ClassVar[float] = 0.5
    PROVEN_MASKS: ClassVar[int] = 3

    @property
    def proven(self) -> bool:
        """Good enough to be shown unasked."""
        return self.masks >= self.PROVEN_MASKS and self.f1 >= self.PROVEN_F1


class AgreementQuerySet(OfPhotoQuerySet["Agreement"]):
    def record_of(self, weights: str) -> Record:
        """How the network did on the photos that people painted after it had its say."""
        rows = self.filter(kind=Agreement.Kind.NETWORK, weights=weights)
        found = rows.aggregate(count=models.Count("pk"), mean=models.Avg("tolerant_f1"))
        return Record(found["count"], found["mean"] or 0.0)


class Agreement(models.Model):
    """How far a mask agrees with another one, or with a network; once for each pair of digests.

    ``second`` is judged. ``first`` is what it is judged by: another person's mask, or a
    honeypot's truth. A NETWORK row has none: there the network is judged by ``second``.
    """

    class Kind(models.TextChoices):
        PEOPLE = "people", "person against person"
        HONEYPOT = "honeypot", "person against known truth"
        NETWORK = "network", "network against person"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PEOPLE)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="agreements")
    first = models.ForeignKey(DefectMask, null=True, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(DefectMask, on_delete=models.CASCADE, related_name="+")
    weights = models.CharField(max_length=64, blank=True, help_text="Of the network.")
    digests = models.CharField(max_length=129)
    dice = models.FloatField()
    tolerant_f1 = models.FloatField(help_text="F1 within 2 px.")
    cl_dice = models.FloatField()
    component_recall = models.FloatField(null=True, help_text="Empty where there is no component.")
    parts = models.JSONField(
        default=dict, help_text="Components met and present, by size: {size: [met, of]}."
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second", "digests"], name="agreement_once"),
            models.UniqueConstraint(
                fields=["second", "digests"],
                condition=models.Q(first=None),
                name="network_agreement_once",
            ),
        ]

    def __str__(self) -> str:
        return f"agreement on {self.photo}: {self.tolerant_f1:.2f}"
