"""What the owner of a photo answered to the guards' questions."""

from django.db import models
from django.db.models.functions import Now

from photos.models import Photo


class AnswerQuerySet(models.QuerySet["Answer"]):
    def of(self, photo: Photo) -> dict[str, bool]:
        """Yes (fill it) or no by the question's id."""
        return dict(self.filter(photo=photo).values_list("question", "fill"))


class Answer(models.Model):
    """One yes or no; the last one counts. It goes when the photo goes.

    It belongs to the photo and not to a restoration: a question keeps its id at every strength.
    """

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40, help_text="reason-x-y")
    fill = models.BooleanField(help_text="Yes: it is damage, fill it.")
    created_at = models.DateTimeField(db_default=Now())

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "question"], name="a_question_answered_once")
        ]

    def __str__(self) -> str:
        return f"{'yes' if self.fill else 'no'} to {self.question}"

    @staticmethod
    def keep(photo: Photo, answers: dict[str, bool]) -> None:
        """Adds and replaces; nothing else of the photo changes."""
        rows = [Answer(photo=photo, question=name, fill=fill) for name, fill in answers.items()]
        Answer.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["photo", "question"],
            update_fields=["fill"],
        )
