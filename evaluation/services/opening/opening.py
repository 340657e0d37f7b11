"""A draft is opened: its pictures are queued, then the job that opens it when they are there."""

from django.contrib.auth.models import User
from django.db import transaction

from config.errors import Refused
from config.words.said import said
from evaluation.models import Study
from evaluation.services.opening.preparing import prepare_study
from evaluation.services.planning import check_candidates
from evaluation.services.rivals.complete import shared_photos
from pipeline.services import render_later
from training.models import Promotion, Stage


@transaction.atomic
def open_study(*, study: Study, by: User | None = None) -> None:
    """Queues the making of all pictures; the study opens when they are there."""
    check_candidates(study)
    if study.stage == Stage.SEGMENTATION and Promotion.objects.current(Stage.INPAINTING) is None:
        raise Refused("Masks are judged by what is filled, and no filler is in production yet.")
    photos = list(shared_photos(study))
    versions = [each.version for each in study.candidates.select_related("version")]
    if not study.prepare():
        raise Refused(f"{study} is not a draft any more.")
    for photo in photos if study.stage else []:
        for version in filter(None, versions):
            render_later(photo=photo, stage=study.stage, version=version, created_by=by)
    making = prepare_study.using(title=said("job.make-pictures", study=str(study)), created_by=by)
    study.job = making.later(study_id=str(study.pk))
    study.save(update_fields=["job"])


@transaction.atomic
def give_up_preparing(*, study: Study) -> None:
    """Back to a draft after the job failed; finished copies are kept."""
    if study.job is not None and not study.job.is_final:
        raise Refused("The pictures are still being made.")
    if not study.back_to_draft():
        raise Refused(f"{study} is not being prepared.")
