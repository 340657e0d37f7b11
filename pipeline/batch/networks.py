"""The networks of the command line: the site's production, else the shipped weights."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from training.models import ModelVersion, Promotion

SHIPPED = settings.BASE_DIR / "training" / "weights"


def stages() -> tuple[str, ...]:
    from pipeline.engine.networks import STAGES

    return STAGES


def in_production(stage: str) -> ModelVersion | None:
    """The promoted version; None on a fresh clone, whose database has no tables yet."""
    try:
        current = Promotion.objects.current(stage)
    except DatabaseError:
        return None
    return current.version if current else None


def hashes(shipped: Path) -> dict[str, str]:
    """SHA-256 of the weights of each stage, without opening them; FileNotFoundError names one."""
    from photos.files import sha256

    versions = {stage: in_production(stage) for stage in stages()}
    return {
        stage: version.weights_sha256 if version else sha256(shipped / f"{stage}.safetensors")
        for stage, version in versions.items()
    }


def opened_all(engine: str, shipped: str | Path) -> dict[str, Any]:
    return {stage: _opened(stage, engine, Path(shipped)) for stage in stages()}


def _opened(stage: str, engine: str, shipped: Path) -> Any:
    from pipeline.engine.networks import open_network
    from pipeline.services.rendering.model_loading import EXPORTS, open_version

    version = in_production(stage)
    if version is not None:
        return open_version(version, engine=engine)
    path = shipped / f"{stage}.safetensors"
    return open_network(
        path, name=stage, engine=engine, threads=settings.TORCH_THREADS, exports=EXPORTS
    )
