"""The job that waits for a study's pictures, copies them blindly and opens it."""

import time

from config.errors import Refused
from config.words.said import said
from evaluation.models import Candidate, Study
from evaluation.services.opening.copies import has_copies, store_copies
from evaluation.services.opening.plan import finish_opening
from evaluation.services.rivals.complete import shared_photos, shown
from jobs.job_context import HandBack, Precedence, Work
from jobs.job_functions import job
from jobs.models import JobQuerySet, Queue, State
from photos.decoding import scans
from photos.models import Blob, Photo
from pipeline.models import Rendition
from pipeline.services import render_plan
from pipeline.services.rendering.jobs import render

POLL_SECONDS = 0.2


@job(Precedence.UPKEEP, queue=Queue.MAINTENANCE)
def prepare_study(work: Work, study_id: str) -> None:
    """Waits for every candidate's rendition of every photo, makes blind copies, opens."""
    study = Study.objects.filter(pk=study_id, state=Study.State.PREPARING).first()
    if study is None:
        return
    candidates = list(study.candidates.select_related("version", "rival"))
    photos = list(shared_photos(study).select_related("working"))
    for number, photo in enumerate(photos):
        work.progress(number / len(photos), said("study.photo", number=number + 1, of=len(photos)))
        made = {
            candidate: None if candidate.version is None else awaited(work, photo, candidate)
            for candidate in candidates
        }
        if not has_copies(study=study, photo=photo, renditions=made):
            _copy(study, photo, made, number)
    with work.finished():
        finish_opening(study=study)


def awaited(work: Work, photo: Photo, candidate: Candidate) -> Rendition:
    """Waits for a picture that another worker is making now; one that waits sends us back.

    The pictures were queued before this job, so the rest is what other workers hold: handing
    the job back would leave it to the next sweep.
    """
    while True:
        try:
            return rendition_of(photo, candidate)
        except HandBack:
            if not _jobs_for(photo, candidate).filter(state=State.RUNNING).exists():
                raise
        work.check()
        time.sleep(POLL_SECONDS)


def _jobs_for(photo: Photo, candidate: Candidate) -> JobQuerySet:
    return render.jobs_for(photo=str(photo.pk), version=str(candidate.version_id))


def rendition_of(photo: Photo, candidate: Candidate) -> Rendition:
    """The candidate's picture; hands the job back while it is still being made."""
    if candidate.version is None:
        raise ValueError("a rival's pictures are no renditions")
    plan = render_plan.plan_for(photo).standing_in(candidate.version)
    found = plan.finished().get(render_plan.KIND_OF[candidate.version.stage])
    if found is not None:
        return found
    made_by = _jobs_for(photo, candidate).first()
    if made_by is not None and not made_by.is_final:
        raise HandBack(said("study.still-made"))
    version, of = str(candidate.version), str(photo)
    if made_by is None or made_by.state != State.FAILED:
        raise Refused(said("study.nobody-made", version=version, photo=of))
    raise Refused(said("study.no-picture", version=version, photo=of, why=made_by.error))


def _copy(study: Study, photo: Photo, made: dict[Candidate, Rendition | None], number: int) -> None:
    outputs: dict[Candidate | None, scans.Pixels] = {None: _pixels(photo.working)}
    for candidate, row in made.items():
        image = _picture(candidate, photo) if row is None else row.image
        outputs[candidate] = _pixels(image)
    copied, figures = shown(study, photo, outputs) if study.takes_files else (outputs, {})
    store_copies(
        study=study,
        photo=photo,
        outputs=copied,
        renditions=made,
        number=number,
        figures=figures,
    )


def _picture(candidate: Candidate, photo: Photo) -> Blob | None:
    """What a rival made of the photo."""
    rival = candidate.rival
    found = None if rival is None else rival.pictures.filter(photo=photo).first()
    return None if found is None else found.image


def _pixels(blob: Blob | None) -> scans.Pixels:
    if blob is None:
        raise Refused(said("study.photo-erased"))
    return scans.read_working(blob)
