"""What the quick worker opens at its start: production's networks and the guards' detectors."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np

from config.errors import Refused
from config.registry import warm_up_step
from pipeline.services import render_plan
from pipeline.services.rendering.model_loading import open_version

if TYPE_CHECKING:
    from pipeline.engine.networks import Network

log = logging.getLogger(__name__)
SIDE_PX = 64  # px: a first run makes what the runtime keeps, whatever its size


@warm_up_step
def open_production() -> None:
    """Each is run once. A network that cannot be opened is the matter of the job that needs it."""
    from pipeline.engine.guards.sessions import FACE_MODEL, TEXT_MODEL, opened

    for version in render_plan.production().values():
        try:
            _run_once(open_version(version))
        except (Refused, OSError, ValueError) as error:
            log.warning("%s is not warm: %s", version, error)
    for model in (FACE_MODEL, TEXT_MODEL):
        opened(model)


def _run_once(network: Network) -> None:
    planes = np.zeros((SIDE_PX, SIDE_PX), np.float32), np.ones((SIDE_PX, SIDE_PX), np.float32)
    if network.stage == "inpainting":
        network.run(np.zeros((SIDE_PX, SIDE_PX, 3), np.float32), planes[1])
    else:
        network.run(planes[0])
