"""Queue a training, stop it, take it up again."""

from django.contrib.auth.models import User
from django.db import transaction

from config.errors import Refused
from config.words.said import said
from jobs import services as jobs
from training.models import (
    DatasetSnapshot,
    ModelVersion,
    Stage,
    TrainingRun,
)
from training.recipes import Recipe
from training.services.training_job import train_run

NOTHING = {
    Stage.SEGMENTATION: "no photo to learn from",
    Stage.INPAINTING: "no undamaged photo to learn from",
    Stage.COLORIZATION: "no undamaged colour photo to learn from",
}


@transaction.atomic
def train_later(
    *,
    recipe: Recipe,
    snapshot: DatasetSnapshot,
    seed: int = 0,
    created_by: User | None = None,
    parent: ModelVersion | None = None,
    cards: int | None = None,
) -> TrainingRun:
    """Queues a run of the recipe's stage. Refused where the snapshot has nothing for it."""
    stage = Stage(recipe.stage)
    if not snapshot.items.exists():
        raise Refused("This is an empty snapshot: there is nothing to train on.")
    if not snapshot.items.training().shows(stage).exists():
        raise Refused(f"This snapshot holds {NOTHING[stage]}.")
    if parent is not None and (parent.stage != stage or parent.weights_id is None):
        raise Refused("A run can only start from weights of its own stage.")
    run = TrainingRun.objects.create(
        stage=stage,
        recipe_name=recipe.name,
        recipe=recipe.to_json(),
        snapshot=snapshot,
        parent=parent,
        seed=seed,
        cards=cards,
        created_by=created_by,
    )
    _queue(run)
    return run


def _queue(run: TrainingRun) -> None:
    training = train_run.using(
        title=said(
            "job.train", stage=run.stage, recipe=run.recipe_name, snapshot=run.snapshot.name
        ),
        key=f"train:{run.pk}",
        created_by=run.created_by,
    )
    run.job = training.later(run_id=str(run.pk))
    run.save(update_fields=["job"])


def cancel_run(run: TrainingRun) -> None:
    """Stops the run; what it learnt stays in its folder and can be taken up again."""
    if run.job is None:
        raise Refused("This run was never queued.")
    jobs.cancel(run.job)


@transaction.atomic
def resume_run(run: TrainingRun) -> None:
    """Takes a stopped or failed run up where its resume file left it."""
    if run.job is None:
        raise Refused("This run was never queued.")
    jobs.retry(run.job)
