"""From a registered version to a network that is ready to run."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from config.env import VAR
from config.errors import Refused
from config.words.said import said
from photos import storage
from photos.files import replacing
from photos.models import Blob
from training.models import ModelVersion
from training.services.foreign import foreign_versions

if TYPE_CHECKING:
    from pipeline.engine.networks import Network
    from pipeline.engine.runtime_selection import Choice

EXPORTS = VAR / "exports"
KEPT = 6  # open networks of a process: those of production, and of the promotion before
_kept: dict[tuple[str, ...], Network] = {}


def open_version(version: ModelVersion, *, engine: str = "") -> Network:
    """Its gate-checked export, or a rival; weights without an export are exported once.

    Without a word on the engine it is that of the settings. Kept open: the next job that wants
    the same touches no file, wherever files are.
    """
    from pipeline.engine.networks import open_rival

    if version.builtin:
        return open_rival(version.stage, version.builtin, version.card)
    if version.is_imported:
        return _imported(version)
    engine = engine or settings.ENGINE
    chosen = measured(version) if engine == "auto" else None
    engine = chosen.engine if chosen else engine
    key = (version.weights_sha256, version.name, engine, str(EXPORTS))
    if key not in _kept:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = _opened(version, engine)
    return _kept[key]


def _imported(version: ModelVersion) -> Network:
    """A published network, whose graph lies beside our exports as long as this process asks."""
    from pipeline.engine.networks import open_imported

    if version.weights is None:
        raise Refused(said("restore.no-graph", version=str(version)))
    key = (version.weights_sha256, version.name, "imported", str(EXPORTS))
    if key not in _kept:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        path = EXPORTS / f"{version.weights_sha256}.imported.onnx"
        if not path.exists():
            EXPORTS.mkdir(parents=True, exist_ok=True)
            aside = replacing(path, mark=f"-{os.getpid()}")
            with storage.local_file(version.weights) as source, aside as own:
                shutil.copyfile(source, own)
        _kept[key] = open_imported(
            path,
            name=version.name,
            sha256=version.weights_sha256,
            card=version.card,
            limits=foreign_versions.limits(),
            refusal=Refused,
        )
    return _kept[key]


def measured(version: ModelVersion) -> Choice | None:
    """Which engine was the faster one for its weights on this host; None if nobody measured."""
    from pipeline.engine.runtime_selection import remembered

    return remembered(EXPORTS, version.weights_sha256)


def _opened(version: ModelVersion, engine: str) -> Network:
    from pipeline.engine.networks import open_network

    if version.weights is None:
        raise Refused(said("restore.no-weights", version=str(version)))
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
