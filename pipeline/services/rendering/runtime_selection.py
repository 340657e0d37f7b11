"""Which engine runs production on this host: measured in a process of its own, then remembered.

Neither the site nor a worker loads an engine for it, and no worker waits for it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

from django.conf import settings

from config.words.said import Said, said
from jobs.operations import die_with_parent
from photos import storage
from pipeline.services.rendering.model_loading import EXPORTS, measured
from training.models import ModelVersion, Promotion, Stage

MEASURE_TIMEOUT_SECONDS = 600.0  # seconds; a laptop needs about ten
_begun: list[subprocess.Popen[bytes]] = []  # the last measurement that this process began


def unmeasured() -> list[ModelVersion]:
    """What is in production and was never measured on this host."""
    current = (Promotion.objects.current(stage) for stage in Stage.values)
    versions = [row.version for row in current if row and row.version.weights]
    ours = [version for version in versions if not version.is_imported]
    return [version for version in ours if measured(version) is None]


def begin_measuring() -> bool:
    """Starts `manage.py measure_engines` beside this process, where something is unmeasured.

    False while one is under way, or nothing is left. What it says goes where this process's lines
    go; it ends with this process, and the next beat begins it again.
    """
    if any(process.poll() is None for process in _begun) or not unmeasured():
        return False
    command = die_with_parent.command(sys.executable, "manage.py", "measure_engines")
    _begun[:] = [subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)]
    return True


def measure(versions: list[ModelVersion]) -> Iterator[Said]:
    """Of each version: the engine it runs on from the next opening on, and why; or why not."""
    for version in versions:
        with ExitStack() as stack:
            files = [version.weights, version.onnx] if version.onnx else [version.weights]
            paths = [stack.enter_context(storage.local_file(blob)) for blob in files if blob]
            command = [str(paths[0]), str(EXPORTS), *map(str, paths[1:])]
            yield _measured(str(version), command)


def was_measured(told: Said) -> bool:
    return told.code == "timing.measured"


def _measured(version: str, command: list[str]) -> Said:
    try:
        ended = subprocess.run(
            die_with_parent.command(
                sys.executable, "-m", "pipeline.engine.runtime_selection", *command
            ),
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=MEASURE_TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        seconds = MEASURE_TIMEOUT_SECONDS
        return said("timing.took-too-long", version=version, seconds=seconds)
    lines = (ended.stderr if ended.returncode else ended.stdout).strip().splitlines()
    if not lines:
        return said("timing.left-silent", version=version)
    if ended.returncode:
        return said("timing.not-measured", version=version, last=lines[-1])
    choice = json.loads(lines[-1])
    return said("timing.measured", version=version, engine=choice["engine"], why=choice["why"])
