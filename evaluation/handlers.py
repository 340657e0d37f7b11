"""Job handlers of this room; jobs calls them by name."""

from annotate import scans
from annotate.models import Blob, Photo
from evaluation import services
from evaluation.models import Candidate, Study
from jobs.errors import Refused
from jobs.models import Job, State
from jobs.work import HandBack, Work, handles
from pipeline import plans
from pipeline.models import Rendition


@handles
def prepare_study(work: Work, study_id: str) -> None:
    """Waits for every candidate's rendition of every photo, makes blind copies, opens."""
    study = Study.objects.filter(pk=study_id, state=Study.State.PREPARING).first()
    if study is None:
        return
    candidates = list(study.candidates.select_related("version"))
    photos = list(study.photos.select_related("working"))
    for number, photo in enumerate(photos):
        work.progress(number / len(photos), f"Photo {number + 1} of {len(photos)}")
        made = {candidate: rendition_of(photo, candidate) for candidate in candidates}
        if not services.has_copies(study=study, photo=photo, renditions=made):
            _copy(study, photo, made)
    with work.finished():
        services.finish_opening(study=study)


def rendition_of(photo: Photo, candidate: Candidate) -> Rendition:
    """The candidate's picture; hands the job back while it is still being made."""
    plan = plans.plan_for(photo).standing_in(candidate.version)
    found = plan.finished().get(plans.KIND_OF[candidate.version.stage])
    if found is not None:
        return found
    params = {"photo": str(photo.pk), "version": str(candidate.version_id)}
    job = Job.objects.filter(kind="pipeline.render", params=params).first()
    if job is not None and not job.is_final:
        raise HandBack("Some pictures are still being made.")
    said = job.error if job is not None and job.state == State.FAILED else "nobody made it"
    raise Refused(f"{candidate.version} has no picture of {photo}: {said}")


def _copy(study: Study, photo: Photo, made: dict[Candidate, Rendition]) -> None:
    outputs: dict[Candidate | None, scans.Pixels] = {None: _pixels(photo.working)}
    outputs |= {candidate: _pixels(row.image) for candidate, row in made.items()}
    services.store_copies(study=study, photo=photo, outputs=outputs, renditions=made)


def _pixels(blob: Blob | None) -> scans.Pixels:
    if blob is None:
        raise Refused("A photo of this study was erased.")
    return scans.read_working(blob)
