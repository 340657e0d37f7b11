"""Any version on any snapshot: a job measures it there, and its figures are kept."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from config.errors import Refused
from config.words.said import said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Queue
from photos import storage
from training.models import (
    DatasetSnapshot,
    Evaluation,
    ModelVersion,
    SnapshotItem,
    Stage,
    TrainingRun,
)
from training.services.foreign import foreign_versions
from training.services.run_folder_writer import write_frozen
from training.services.training_process import threads

MOST_PICTURES = 60  # evenly spread; a full-size photograph takes seconds on a core
TIMEOUT_SECONDS = 4 * 3600.0
LOOK_SECONDS = 0.5
SAID = 2  # of the harness: its last line is a sentence
BUILTIN = {
    ModelVersion.Builtin.TELEA: "Telea",
    ModelVersion.Builtin.NAVIER_STOKES: "Navier-Stokes",
    ModelVersion.Builtin.GREY: "grey",
    ModelVersion.Builtin.MEAN_CHROMA: "mean chroma",
}
NOT_TRAINED_HERE = (
    ModelVersion.Origin.SHIPPED,
    ModelVersion.Origin.FILE,
    ModelVersion.Origin.IMPORTED,
)
NONE_THERE = {
    Stage.SEGMENTATION: said("measuring.no-mask"),
    Stage.INPAINTING: said("measuring.no-undamaged"),
    Stage.COLORIZATION: said("measuring.no-coloured"),
}
NONE_HELD_OUT = {
    Stage.SEGMENTATION: said("measuring.no-mask-held-out"),
    Stage.INPAINTING: said("measuring.no-undamaged-held-out"),
    Stage.COLORIZATION: said("measuring.no-coloured-held-out"),
}


@transaction.atomic
def measure_later(
    *, version: ModelVersion, snapshot: DatasetSnapshot, part: str, by: User | None = None
) -> Evaluation:
    """Queues the measurement; one that is queued or running already is not queued again."""
    if part not in Evaluation.Part.values:
        raise Refused("Measure on what is held out, or on all photographs.")
    if not version.builtin and version.weights_id is None:
        raise Refused(f"{version.name} has no weights to measure.")
    _some(items_for(version.stage, snapshot, part), version.stage, part)
    row, _ = Evaluation.objects.get_or_create(
        version=version, snapshot=snapshot, part=part, defaults={"created_by": by}
    )
    if row.job is None or row.job.is_final:
        measuring = evaluate_version.using(
            title=said("job.measure", version=version.name, snapshot=snapshot.name), created_by=by
        )
        row.job = measuring.later(evaluation_id=row.pk)
        row.save(update_fields=["job"])
    return row


def items_for(stage: str, snapshot: DatasetSnapshot, part: str) -> list[SnapshotItem]:
    """What the stage is measured on: masks to be found, or undamaged photographs to be lost."""
    rows = snapshot.items.shows(stage)
    if stage == Stage.SEGMENTATION:
        rows = rows.exclude(mask_digest="")
    if part == Evaluation.Part.VALIDATION:
        rows = rows.filter(split=SnapshotItem.Split.VALIDATION)
    found = list(rows.select_related("photo__working", "mask__tiles", "mask__photo"))
    found.sort(key=lambda item: item.image_digest)  # so that a cut is everybody's and nobody's
    return found[:MOST_PICTURES]


def _some(items: list[SnapshotItem], stage: str, part: str) -> None:
    if not items:
        held_out = part == Evaluation.Part.VALIDATION
        raise Refused((NONE_HELD_OUT if held_out else NONE_THERE)[Stage(stage)])


def set_digest(items: list[SnapshotItem]) -> str:
    """SHA-256 over the photographs and masks: figures with one digest compare."""
    lines = sorted(f"{item.image_digest} {item.mask_digest}" for item in items)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def learnt_from(version: ModelVersion) -> set[str]:
    """Digests of the photographs that it or a version it began from trained on, as known here."""
    found: set[str] = set()
    run: TrainingRun | None = version.run
    seen = set()
    while run is not None and run.pk not in seen:
        seen.add(run.pk)
        found |= set(run.snapshot.items.training().values_list("image_digest", flat=True))
        run = run.parent.run if run.parent else None
    return found


def of_unknown_origin(version: ModelVersion) -> ModelVersion | None:
    """The one at the beginning of its line whose training photographs this site does not know.

    That is itself, or a version it began from, where that one shipped or came from a file.
    """
    seen = set()
    while version.run is not None and version.run.pk not in seen:
        seen.add(version.run.pk)
        if version.run.parent is None:
            return None
        version = version.run.parent
    return version if version.origin in NOT_TRAINED_HERE else None


@job(Precedence.STUDY, queue=Queue.MAINTENANCE)
def evaluate_version(work: Work, evaluation_id: int) -> None:
    """Measures a version on a snapshot's photographs in a process of its own."""
    rows = Evaluation.objects.select_related("version__weights", "version__run", "snapshot")
    row = rows.get(pk=evaluation_id)
    items = items_for(row.version.stage, row.snapshot, row.part)
    _some(items, row.version.stage, row.part)
    work.progress(0.05, said("measuring.laying-out", count=len(items)))
    with tempfile.TemporaryDirectory(prefix="heirloom-evaluation-") as name:
        room = Path(name)
        _lay_out(room, row.version, items)
        work.progress(0.2, said("measuring.going-on", count=len(items)))
        report = _measured(work, room, row.version)
    with work.finished():
        keep(row, report, items)


def _lay_out(room: Path, version: ModelVersion, items: list[SnapshotItem]) -> None:
    (room / "data").mkdir()
    for number, item in enumerate(items):
        paired = version.stage == Stage.SEGMENTATION
        image = room / "data" / (f"{number:04d}_image.png" if paired else f"{number:04d}.png")
        mask = room / "data" / f"{number:04d}_mask.png" if paired else None
        write_frozen(item, image, mask)
    if version.weights is None:
        return
    with _weights(room, version).open("wb") as file:
        file.writelines(storage.pieces(version.weights))
    if version.is_imported:
        (room / "adapter.json").write_text(json.dumps(version.card["adapter"]))


def _weights(room: Path, version: ModelVersion) -> Path:
    return room / ("network.onnx" if version.is_imported else "weights.safetensors")


def _given(room: Path, version: ModelVersion) -> list[str]:
    """What the harness is told of the version; nothing of a yardstick."""
    if version.weights is None:
        return []
    given = ["--weights", str(_weights(room, version))]
    if version.is_imported:
        limits = json.dumps(asdict(foreign_versions.limits()))
        given += ["--adapter", str(room / "adapter.json"), "--limits", limits]
    return given


def _measured(work: Work, room: Path, version: ModelVersion) -> dict[str, Any]:
    command = [sys.executable, "-m", "training.measuring.evaluate", version.stage]
    with (room / "report.json").open("wb") as out, (room / "stderr").open("wb") as errors:
        process = subprocess.Popen(
            [*command, "--data", str(room / "data"), "--json", *_given(room, version)],
            cwd=settings.BASE_DIR,
            env={**os.environ, "OMP_NUM_THREADS": str(threads())},
            stdout=out,
            stderr=errors,
        )
        try:
            _await(work, process)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        lines = (room / "stderr").read_text(errors="replace").strip().splitlines()
        last = lines[-1] if lines else ""
        if process.returncode == SAID:
            stage = version.get_stage_display()
            raise Refused(said("measuring.refused", version=version.name, stage=stage, last=last))
        raise Refused(said("measuring.ended-with", status=process.returncode, last=last))
    report: dict[str, Any] = json.loads((room / "report.json").read_text())
    return report


def _await(work: Work, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + TIMEOUT_SECONDS
    while True:
        try:
            process.wait(LOOK_SECONDS)
            return
        except subprocess.TimeoutExpired:
            work.check()
            if time.monotonic() > until:
                raise Refused(said("measuring.too-long")) from None


def keep(row: Evaluation, report: dict[str, Any], items: list[SnapshotItem]) -> None:
    """The figures under ``version``, its rivals' under their names."""
    methods = dict(report["methods"])
    own = BUILTIN[ModelVersion.Builtin(row.version.builtin)] if row.version.builtin else "network"
    row.figures = {"version": methods.pop(own, {}), **methods}
    row.notes, row.pictures = report.get("notes", []), int(report["pictures"])
    row.digest = set_digest(items)
    row.trained_on = len(learnt_from(row.version) & {item.image_digest for item in items})
    Evaluation.objects.filter(pk=row.pk).update(
        figures=row.figures, notes=row.notes, pictures=row.pictures, digest=row.digest,
        trained_on=row.trained_on, measured_at=Now(),
    )  # fmt: skip


@dataclass(frozen=True)
class MeasuredSet:
    """A snapshot and which part of it versions were measured on."""

    snapshot: DatasetSnapshot
    part: str

    @property
    def key(self) -> str:
        return f"{self.snapshot.pk}:{self.part}"

    @property
    def name(self) -> str:
        return f"{self.snapshot.name}, {Evaluation.Part(self.part).label}"

    def evaluations(self, stage: str) -> dict[UUID, Evaluation]:
        """By version; those that were measured. One digest: erased photographs part figures."""
        rows = Evaluation.objects.measured().filter(
            snapshot=self.snapshot, part=self.part, version__stage=stage
        )
        return {row.version_id: row for row in rows.select_related("version")}


def measured_sets(stage: str = "") -> list[MeasuredSet]:
    """Sets with a figure, the one with most versions first, then the newest."""
    rows = Evaluation.objects.measured().select_related("snapshot")
    if stage:
        rows = rows.filter(version__stage=stage)
    counts: dict[tuple[UUID, str], list[Evaluation]] = {}
    for row in rows:
        counts.setdefault((row.snapshot_id, row.part), []).append(row)
    ordered = sorted(counts.values(), key=lambda found: (-len(found), -found[0].pk))
    return [MeasuredSet(found[0].snapshot, found[0].part) for found in ordered]
