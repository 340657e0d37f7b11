"""Runs that were made in a shell: their folders are seen below RUNS_ROOT, and taken in."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from config.errors import Refused
from photos.models import Photo
from training.models import DatasetSnapshot, ModelVersion, SnapshotItem, Stage, TrainingRun
from training.recipes import RecipeError
from training.run_folder import Item, RunError, RunFolder, Spec
from training.services import run_monitor
from training.services.training_process import is_locked
from training.services.versions import register_weights

FILES = ("spec.json", "items.jsonl", "metrics.jsonl", "stderr.log", "best.json")
WEIGHTS = "best.safetensors"
MOST_SAMPLES = 600


@dataclass(frozen=True)
class FoundRun:
    """A folder that looks like a run, and what can be said of it."""

    name: str
    stage: str = ""
    recipe: str = ""
    photos: int = 0
    trains: bool = False
    weights: bool = False
    wrong: str = ""
    known: UUID | None = None


def found() -> list[FoundRun]:
    """Folders of RUNS_ROOT with a specification that no run of the site has written."""
    root = Path(settings.RUNS_ROOT)
    folders = sorted(path.parent for path in root.glob("*/spec.json"))
    own = {str(key) for key in TrainingRun.objects.values_list("pk", flat=True)}
    return [_seen(folder) for folder in folders if folder.name not in own]


def _seen(folder: Path) -> FoundRun:
    try:
        spec, items = _read(folder)
    except Refused as reason:
        return FoundRun(folder.name, wrong=str(reason))
    key = number_of(folder)
    return FoundRun(
        name=folder.name,
        stage=spec.recipe.stage,
        recipe=spec.recipe.name,
        photos=len(items),
        trains=is_locked(folder / "lock"),
        weights=(folder / WEIGHTS).exists(),
        known=key if TrainingRun.objects.filter(pk=key).exists() else None,
    )


def folder_named(name: str) -> Path:
    """The folder of RUNS_ROOT with that very name. Raises Refused."""
    for path in Path(settings.RUNS_ROOT).glob("*/spec.json"):
        if path.parent.name == name:
            return path.parent
    raise Refused(f"There is no run folder {name}.")


def number_of(folder: Path) -> UUID:
    """The same for the same recipe, seed and photographs: taken in twice, it is one run."""
    return uuid5(NAMESPACE_URL, f"heirloom:run:{RunFolder(folder).digest()}")


def _read(folder: Path) -> tuple[Spec, list[Item]]:
    try:
        return RunFolder(folder).spec(), RunFolder(folder).items()
    except (RunError, RecipeError, TypeError, AttributeError) as error:
        raise Refused(f"{folder.name} is no run folder: {error}.") from error


def take_in(folder: Path, *, by: User | None = None) -> TrainingRun:
    """A run with its curves, samples and, where it has them, weights. Raises Refused.

    Photographs stay where they are: the snapshot that is written holds their digests, so that it
    is known what the version learnt from.
    """
    spec, items = _read(folder)
    if is_locked(folder / "lock"):
        raise Refused(f"{folder.name} is still training: take it in when it has ended.")
    key = number_of(folder)
    if TrainingRun.objects.filter(pk=key).exists():
        raise Refused(f"{folder.name} was taken in before.")
    with transaction.atomic():
        run = TrainingRun.objects.create(
            pk=key,
            stage=Stage(spec.recipe.stage),
            recipe_name=spec.recipe.name[:60],
            recipe=spec.recipe.to_json(),
            snapshot=_snapshot(folder, spec, items, by),
            parent=_parent(spec),
            seed=spec.seed,
            created_by=by,
        )
        _copy(folder, run.folder)
        while (news := run_monitor.read_news(run)).offset > run.metrics_offset:
            run_monitor.keep(run, news)
        if (run.folder / WEIGHTS).exists():
            _register(run, folder)
    return run


def _register(run: TrainingRun, folder: Path) -> None:
    name = f"{run.recipe_name} {run.stage}, {folder.name}"
    origin = ModelVersion.Origin.RUN
    version = register_weights(path=run.folder / WEIGHTS, name=name, origin=origin, run=run)
    if version.run_id is None:  # registered from its file before
        ModelVersion.objects.filter(pk=version.pk, run=None).update(run=run)


def _parent(spec: Spec) -> ModelVersion | None:
    digest = (spec.parent or {}).get("sha256", "")
    return ModelVersion.objects.filter(weights_sha256=digest).first() if digest else None


def _snapshot(folder: Path, spec: Spec, items: list[Item], by: User | None) -> DatasetSnapshot:
    """The site's own where the folder was made of one, else what the folder lists."""
    digest = spec.snapshot or RunFolder(folder).digest()
    known = DatasetSnapshot.objects.filter(digest=digest).first()
    if known is not None:
        return known
    snapshot = DatasetSnapshot.objects.create(
        name=f"Photographs of {folder.name}"[:120], digest=digest, seed=spec.seed, created_by=by
    )
    photos = Photo.objects.filter(working__in={item.image_sha256 for item in items})
    here = {photo.working_id: photo for photo in photos}
    rows = {item.image_sha256: item for item in items if item.image_sha256}
    SnapshotItem.objects.bulk_create(
        SnapshotItem(
            snapshot=snapshot,
            photo=here.get(digest),
            image_digest=digest,
            mask_digest=item.mask_sha256,
            mask_origin=item.mask_origin[:10],
            split=item.split,
            group=item.group[:120],
            licence=item.licence[:120],
            source=item.source[:300],
        )
        for digest, item in rows.items()
    )
    return snapshot


def _copy(folder: Path, target: Path) -> None:
    """What pages read; links are left out, as they may point anywhere."""
    target.mkdir(parents=True, exist_ok=True)
    for name in (*FILES, WEIGHTS):
        if (folder / name).is_file() and not (folder / name).is_symlink():
            shutil.copyfile(folder / name, target / name)
    (target / "samples").mkdir(exist_ok=True)
    for path in sorted((folder / "samples").glob("*.png"))[-MOST_SAMPLES:]:
        if not path.is_symlink():
            shutil.copyfile(path, target / "samples" / path.name)
