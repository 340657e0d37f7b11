"""At a run's end: weights halfway between its best and others, kept where they score better.

Weights of one run average well (Wortsman et al. 2022, arXiv:2203.05482); halfway back to where
fine-tuning began, a network has forgotten less (Wortsman et al. 2022, arXiv:2109.01903).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import torch
from torch import Tensor

from training.networks import weights
from training.run_folder import RunFolder, Spec
from training.trainers.checkpoint import EMA

Validate = Callable[[], tuple[float, dict[str, Any]]]
"""Answers (score, what the card says of it) of the trainer's average."""


class Averaging(Protocol):
    """What of a trainer takes part."""

    run: RunFolder
    spec: Spec
    device: torch.device
    average: EMA
    best: float | None
    stale: int
    notes: dict[str, Any]
    validating: str

    def card(self) -> dict[str, Any]: ...
    def checkpoint(self) -> None: ...
    def keep_if_best(self, score: float, card: dict[str, Any]) -> bool: ...


def try_halves(trainer: Averaging, validate: Validate) -> None:
    """Best and last average, then best and parent, half of each."""
    if trainer.best is None:
        return
    tried = trainer.notes.get("_blends", 0)  # asked again, a finished run has nothing to try
    if tried < 1:
        if trainer.stale:  # else the last average is the best
            _try_half(trainer, trainer.average.tensors, trainer.card()["images_seen"], validate)
        _tried(trainer, 1)
    if tried < 2 and trainer.spec.parent is not None:
        parent, card = weights.load(trainer.run.file(trainer.spec.parent["path"]))
        _try_half(trainer, parent.state_dict(), card["images_seen"], validate)
        _tried(trainer, 2)


def _tried(trainer: Averaging, blends: int) -> None:
    """Never again, whenever the process ends: half of a half would be other weights."""
    trainer.notes["_blends"] = blends
    trainer.checkpoint()


def _try_half(trainer: Averaging, other: dict[str, Tensor], seen: int, validate: Validate) -> None:
    """Half the best weights, half `other`, which had seen so many images."""
    last, (best, card) = trainer.average.tensors, weights.load(trainer.run.best)
    if len(card.get("blended", [])) > trainer.notes.get("_parts", 0):
        # Killed between this half and its checkpoint: half of a half would be other weights.
        trainer.best, trainer.stale = card["score"], 0
        trainer.notes["_parts"] = len(card["blended"])
        return
    trainer.average.tensors = {
        name: torch.lerp(value, other[name].to(value), 0.5) if value.is_floating_point() else value
        for name, value in best.to(trainer.device).state_dict().items()
    }
    trainer.notes["blended"] = [*card.get("blended", [card["images_seen"]]), seen]
    trainer.validating = "blend"
    if trainer.keep_if_best(*validate()):
        trainer.notes["_parts"] = len(trainer.notes["blended"])
    trainer.average.tensors, trainer.validating = last, "validation"
    del trainer.notes["blended"]
