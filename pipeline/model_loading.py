"""From a registered version to a network that is ready to run."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from config.env import VAR
from config.errors import Refused
from photos import storage
from photos.models import Blob
from training.models import ModelVersion

if TYPE_CHECKING:
    from pipeline.engine.networks import Network

EXPORTS = VAR / "exports"


def open_version(version: ModelVersion, *, engine: str = "auto") -> Network:
    """Its gate-checked export, or a rival; weights without an export are exported once."""
    from pipeline.engine.networks import open_network, open_rival

    if version.builtin:
        return open_rival(version.stage, version.builtin, version.card)
    if version.weights is None:
        raise Refused(f"The weights of {version} are missing.")
    with ExitStack() as stack:

        def local(blob: Blob) -> Path:
            return stack.enter_context(storage.local_file(blob))

        return open_network(
            local(version.weights),
            name=version.name,
            engine=engine,
            onnx=local(version.onnx) if version.onnx else None,
            threads=settings.TORCH_THREADS,
            exports=EXPORTS,
        )
