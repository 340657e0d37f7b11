"""The job of a run: its folder is written, the loop followed, its best weights registered."""

import time
from threading import Event
from uuid import UUID

from django.db.models import Max

from config.errors import Refused
from config.words.said import read, said
from jobs.job_context import Cancelled, HandBack, Precedence, Work
from jobs.job_functions import job
from jobs.models import Queue
from training.models import ModelVersion, TrainingRun
from training.recipes import from_json, lacking, rounding
from training.services import run_folder_writer, run_monitor
from training.services.training_process import RESUMABLE, LoopProcess, processes, told_to_stop
from training.services.versions import register_weights

LOOK_SECONDS = 0.25  # seconds between two looks at the subprocess
NOTE_SECONDS = 1.0  # seconds between two writes to the database


@job(Precedence.STUDY, queue=Queue.TRAIN, max_attempts=5)
def train_run(work: Work, run_id: str) -> None:
    """Writes the run folder, follows the loop that trains in it, registers its best weights."""
    run = TrainingRun.objects.select_related("snapshot", "parent").get(pk=UUID(run_id))
    if not (run.folder / "spec.json").exists():
        work.progress(0.0, said("run.writing-folder"))
        work.log(run_folder_writer.write(run))
    recipe = from_json(run.recipe)
    for line in [*lacking(recipe), rounding(recipe, processes(run.cards))]:
        if line:
            work.log(read(line))
    resumed = (run.folder / "resume.safetensors").exists()
    with run_folder_writer.pictures(run), told_to_stop() as asked:
        code = _follow(work, run, LoopProcess(run.folder, run.cards), asked)
    work.log(said("run.resumed-ended", status=code) if resumed else said("run.ended", status=code))
    if code == RESUMABLE:
        raise HandBack(said("run.stopped-in-order"))
    if code < 0:
        raise RuntimeError(said("run.killed", signal=-code))
    if code > 0:
        raise Refused(run_monitor.last_words(run.folder) or said("run.ended-with", status=code))
    _register(work, run)


def _follow(work: Work, run: TrainingRun, loop: LoopProcess, asked: Event) -> int:
    reached = run.metrics.aggregate(step=Max("step"))["step"] or 0
    pace = run_monitor.Pace(run_monitor.total_images(run.recipe), reached)
    noted = 0.0
    try:
        while loop.ended() is None:
            if asked.is_set():
                loop.stop()
            elif time.monotonic() - noted >= NOTE_SECONDS:
                noted = time.monotonic()
                _note(work, run, pace)
            work.check()
            asked.wait(LOOK_SECONDS)
    except Cancelled:
        loop.stop()
        _note_rest(work, run)
        # Past `progress`, which would only say again that it is cancelled.
        work.job.report(work.token, progress=pace.share, message=pace.reached)
        raise
    except BaseException:
        loop.stop()
        raise
    _note_rest(work, run)
    return loop.ended() or 0


def _note(work: Work, run: TrainingRun, pace: run_monitor.Pace) -> None:
    """New metrics into rows, then the progress: at most once a second."""
    news = run_monitor.read_news(run)
    if news.metrics:
        with work.fenced():
            run_monitor.keep(run, news)
        pace.see(max(metric.step for metric in news.metrics), time.monotonic())
    now = time.monotonic()
    work.progress(pace.share, pace.message(now) if pace.step else said("run.starting"))


def _note_rest(work: Work, run: TrainingRun) -> None:
    """What the loop wrote before it ended; a lost lease leaves it to the next worker."""
    while (news := run_monitor.read_news(run)).offset > run.metrics_offset:
        with work.fenced():
            run_monitor.keep(run, news)


def _register(work: Work, run: TrainingRun) -> None:
    best = run.folder / "best.safetensors"
    if not best.exists():
        raise Refused(said("run.no-weights"))
    name = f"{run.recipe_name} {run.stage}, run {run.pk.hex[:6]}"
    work.progress(1.0, said("run.saw", count=run_monitor.total_images(run.recipe)))
    with work.finished():
        version = register_weights(path=best, name=name, origin=ModelVersion.Origin.RUN, run=run)
    (run.folder / "resume.safetensors").unlink(missing_ok=True)
    if version.run_id != run.pk:
        work.log(said("run.same-weights", version=version.name))
