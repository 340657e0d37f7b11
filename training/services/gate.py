"""The gate of a version: its export is held against torch by a job, and what was found is kept."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from config.errors import Refused
from config.words.said import said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Job, Queue
from photos import storage
from training.models import ModelVersion, VersionPicture

if TYPE_CHECKING:
    from training.services.export_check import Verdict

BYTES = "application/octet-stream"


def check_later(version: ModelVersion) -> Job:
    """Queues the gate: export the weights and compare the export with torch float32."""
    checking = check_export.using(title=said("job.check-export", version=version.name))
    return checking.later(version_id=str(version.pk))


@job(Precedence.UPKEEP, queue=Queue.MAINTENANCE)
def check_export(work: Work, version_id: str) -> None:
    """The gate: exports the weights and compares the export with torch float32."""
    from training.services import export_check  # makes its pictures: nothing for a web process

    version = ModelVersion.objects.get(pk=UUID(version_id))
    if version.weights is None:
        raise Refused(said("gate.yardstick"))
    if version.is_imported:
        from training.services.foreign.foreign_versions import try_again

        work.progress(0.1, said("gate.trying"))
        try_again(version)
        return
    work.progress(0.1, said("gate.exporting"))
    with tempfile.TemporaryDirectory(prefix="heirloom-gate-") as name:
        path = Path(name) / "weights.safetensors"
        path.write_bytes(storage.read(version.weights))
        verdict = export_check.judge({path: version.stage}, Path(name) / "rooms")[0]
        with work.finished():
            record_gate(version=version, verdict=verdict)


@transaction.atomic
def record_gate(*, version: ModelVersion, verdict: "Verdict") -> None:
    """Writes what the gate found: the result, the export and the pictures."""
    version.gate = verdict.result
    version.onnx = None
    if verdict.onnx is not None:
        version.onnx = storage.put(verdict.onnx, BYTES)
    version.save(update_fields=["gate", "onnx"])
    version.pictures.all().delete()
    for picture in verdict.pictures:
        VersionPicture.objects.create(
            version=version,
            given=storage.put(picture.given, "image/png"),
            answered=storage.put(picture.answered, "image/png"),
            caption=picture.caption,
        )
