"""Answers to the guards' questions: kept with the photo, and part of what names a rendition."""

from collections.abc import Mapping

from django.db import transaction

from config.errors import Refused
from jobs.models import Queue
from pipeline import services
from pipeline.models import Answer, Restoration
from pipeline.services import result_context
from pipeline.services.result_context import Proposal

MAX_ANSWERS_PER_PHOTO = 1000  # of one photo


def asked_by(row: Restoration) -> list[Proposal]:
    """The questions of a finished restoration that nobody has answered, the largest first."""
    answers = Answer.objects.of(row.photo)
    asked = result_context.facts(row)["proposals"] if row.is_done else []
    return [each for each in asked if each["id"] not in answers]


@transaction.atomic
def answer(row: Restoration, answers: Mapping[str, bool]) -> None:
    """Keeps yes (fill) and no by question id; a later answer replaces an earlier one.

    Raises Refused with a sentence on what is no id of a question of this restoration.
    """
    if not row.is_done:
        raise Refused("Wait until this restoration is done, then answer what it asks.")
    kept = Answer.objects.of(row.photo)
    known = {each["id"] for each in result_context.facts(row)["proposals"]} | set(kept)
    for name in answers:
        if name not in known:
            raise Refused(f"Nothing called “{name}” is asked here.")
    if len(kept.keys() | answers.keys()) > MAX_ANSWERS_PER_PHOTO:
        raise Refused("There are too many answers about this photograph.")
    row.photo.hold_unerased()
    Answer.keep(row.photo, dict(answers))


@transaction.atomic
def answer_and_restore_later(row: Restoration, answers: Mapping[str, bool]) -> Restoration:
    """The next version with the answers; only what they fill is computed again."""
    answer(row, answers)
    queue = services.quick_or(Queue.INTERACTIVE, row.photo)
    return services.restore_differently_later(row, queue=queue)
