"""Which runs are compared: one start per stage and what each trial changes in it. No torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from training.recipes import STAGES, Recipe, changed, preset

START = "start"


@dataclass(frozen=True)
class Trial:
    """One row of a table. `changes` are fields of the recipe; `arguments` join the network's."""

    stage: str
    name: str
    says: str
    changes: dict[str, Any] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    against: str = START
    needs_features: bool = False


@dataclass(frozen=True)
class Length:
    """How much every run sees: crops in all, crops per step, side of a crop in px."""

    images: int = 1000
    size: int = 128
    batch: int = 6


TRIALS = (
    Trial("segmentation", START, "square root of clean / defect as weight, full-resolution head"),
    Trial("segmentation", "no weight", "positive class weighs 1", {"positive_weight": "none"}),
    Trial("segmentation", "full weight", "clean / defect as weight", {"positive_weight": "full"}),
    Trial(
        "segmentation",
        "pooled stem",
        "7x7 stride 2 with max pool, nothing at full resolution",
        arguments={"stem": "pool"},
    ),
    Trial(
        "segmentation",
        "full stem",
        "3x3 stride 1 without pool, the article's",
        arguments={"stem": "full"},
    ),
    Trial("inpainting", START, "partial convolution over a push-pull fill, norms frozen late"),
    Trial(
        "inpainting",
        "ordinary conv",
        "ordinary convolutions that see the mask",
        arguments={"partial": False},
    ),
    Trial("inpainting", "norms awake", "norms learn to the end", {"frozen_norm_fraction": 0.0}),
    Trial("inpainting", "plain", "the article's form: no push-pull fill", {"network": "plain"}),
    Trial(
        "inpainting",
        "plain, ordinary conv",
        "no push-pull fill, ordinary convolutions",
        {"network": "plain"},
        {"partial": False},
        against="plain",
    ),
    Trial(
        "inpainting",
        "plain, norms awake",
        "no push-pull fill, norms learn to the end",
        {"network": "plain", "frozen_norm_fraction": 0.0},
        against="plain",
    ),
    Trial("colorization", START, "L1 on chroma alone"),
    Trial("colorization", "adversarial", "hinge GAN beside L1", {"adversarial_weight": 0.05}),
    Trial(
        "colorization",
        "perceptual",
        "VGG features beside L1 in the last third",
        {"perceptual_weight": 0.005, "feature_loss_fraction": 0.33},
        needs_features=True,
    ),
)

STARTS: dict[str, dict[str, Any]] = {
    "segmentation": {"arguments": {"width": 12}},
    "inpainting": {
        "arguments": {"width": 16, "levels": 6},
        "valid_weight": 0.1,
        "variation_weight": 0.0,
        "frozen_norm_fraction": 0.3,
    },
    "colorization": {"arguments": {"width": 16}},
}


def trials(stages: tuple[str, ...] = STAGES, *, features: bool) -> list[Trial]:
    """The trials of some stages, without those that need a file nobody gave."""
    chosen = [trial for trial in TRIALS if trial.stage in stages]
    return [trial for trial in chosen if features or not trial.needs_features]


def recipe_of(trial: Trial, length: Length, features: str | None = None) -> Recipe:
    """The recipe of a trial: equal length for all, validated once, at the end."""
    start = STARTS[trial.stage]
    values = {
        **start,
        "images": length.images,
        "epoch_images": length.images,
        "batch": length.batch,
        "size": length.size,
        "large_crop_size": length.size,
        "warmup_images": length.images // 12,
        "learning_rate": 1e-3,
        "ema_decay": 0.95,
        "validation_photos": 12,
        "validation_size": 2 * length.size,
        **trial.changes,
    }
    if trial.needs_features:
        values["features"] = features
    values["arguments"] = {**start["arguments"], **trial.arguments}
    return changed(preset(trial.stage, "tiny"), name=trial.name, description=trial.says, **values)
