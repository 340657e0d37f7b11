"""Every choice of a training run as a frozen dataclass, from JSON and to it. No torch here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from training import aliases
from training.augmentation.media_presets import FILM_SHARE

Stage = Literal["segmentation", "inpainting", "colorization"]
LATER = {"accumulate": 1, "patience": 0, "human_mask_start": 0.0, "film": FILM_SHARE, "holes": 0.0,
         "huber": 0.0, "rare_colours": 0.0, "hint_fraction": 0.1, "hint_weight": 1.0}  # fmt: skip
LATER_TO_FIND = {  # of segmentation recipes alone
    "encoder_rate": 0.3, "class_weight": 0.5, "thin_lines": True, "structures": 0.27,
    "structures_from": 0.33, "drawn_over": 0.5,
}  # fmt: skip
LATER_TO_COLOUR = {"adversarial_from": 0.0, "beta1": 0.9, "beta2": 0.999}  # of colour's alone
HALF_RANGE = 127.5  # of chroma, levels
STAGES: tuple[Stage, ...] = ("segmentation", "inpainting", "colorization")


class RecipeError(ValueError):
    """A recipe's field is unknown or out of range; the message names it."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What all stages share. Schedules count images, never minutes: runs must be repeatable."""

    name: str
    """Preset's name, or the operator's own."""
    description: str
    """One line for the page that offers it."""
    network: str = "lite"
    """Name in training.networks.registry."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """Arguments of the network's constructor."""
    encoder: str | None = None
    """File of encoder weights (.safetensors or .pth); "package" = the optional Lite0 package; a
    kind as `recipes.published` lists them = the imported file, where there is one."""
    images: int = 12_000
    """Training crops to see in all."""
    epoch_images: int = 1_000
    """Crops between two validations, each followed by a checkpoint."""
    batch: int = 8
    """Crops of one step over all processes, not of each; rounded up to what they can share."""
    accumulate: int = 1
    """Parts each process cuts its share into: gradients add up, memory is that of one part."""
    patience: int = 0
    """Stop after so many validations without a better score; 0 = never."""
    size: int = 192
    """Side of a crop in px; a multiple of 16."""
    large_crop_size: int = 192
    """Side of a crop in the last `large_crop_fraction` of the images."""
    large_crop_fraction: float = 0.0
    learning_rate: float = 1e-3
    final_learning_rate: float = 1e-5
    """Where the cosine schedule ends."""
    warmup_images: int = 400
    weight_decay: float = 1e-4
    """On kernels only: norms and biases are never decayed."""
    ema_decay: float = 0.998
    """Decay of the running average of weights, per step; the average is what is kept."""
    validation_photos: int = 24
    """At most so many photos are validated on."""
    validation_size: int = 512
    """Side of synthetic validation pictures, and the largest side of others in colour."""

    stage: Stage = field(init=False, default="segmentation")

    def __post_init__(self) -> None:
        self._positive("images", "epoch_images", "batch", "learning_rate", "validation_photos")
        for name in ("size", "large_crop_size", "validation_size"):
            if getattr(self, name) < 32 or getattr(self, name) % 16:
                raise RecipeError(f"{name} must be a multiple of 16, at least 32")
        self._shares("large_crop_fraction", "ema_decay")
        if self.accumulate < 1 or self.batch % self.accumulate:
            raise RecipeError("accumulate must divide batch")
        if self.patience < 0:
            raise RecipeError("patience must not be negative")
        if self.images < self.batch or self.epoch_images < self.batch:
            raise RecipeError("images and epoch_images must hold at least one batch")

    def _positive(self, *names: str) -> None:
        for name in names:
            if not getattr(self, name) > 0:
                raise RecipeError(f"{name} must be positive")

    def _shares(self, *names: str) -> None:
        for name in names:
            if not 0 <= getattr(self, name) <= 1:
                raise RecipeError(f"{name} must lie between 0 and 1")

    def to_json(self) -> dict[str, Any]:
        """Every field, stage included, as plain JSON values."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return values

    def digest(self) -> str:
        """SHA-256 of the canonical JSON: two runs with one digest made the same choices.

        Fields that came later count only where they say something, and renamed ones under their
        first name: older runs keep their digest.
        """
        own = {"segmentation": LATER_TO_FIND, "colorization": LATER_TO_COLOUR}
        later = LATER | own.get(self.stage, {})
        said = {k: v for k, v in self.to_json().items() if later.get(k) != v}
        text = json.dumps(aliases.first_recipe_fields(said), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class SegmentationRecipe(Recipe):
    """Weighted BCE + Dice on damage of any class, cross-entropy on which; synthetic damage
    beside human masks."""

    positive_weight: Literal["sqrt", "full", "none"] = "sqrt"
    """sqrt(clean / defect) starts at once; the full ratio hardly moves in 4,000 crops."""
    dice_weight: float = 1.0
    class_weight: float = 0.5
    """Of the cross-entropy that names the class of a damaged pixel."""
    thin_lines: bool = True
    """Pixels of thin defects count more: they are few."""
    encoder_rate: float = 0.3
    """A pretrained encoder's learning rate relative to the decoder's."""
    faint: float = 0.5
    """Share of drawn lines that are faint (10 to 60 levels)."""
    film: float = FILM_SHARE
    """Share of drawn damage that is film's, nearly all upright scratches; plates and prints
    share the rest. Too much of it from nothing and folds and cracks are missed."""
    holes: float = 0.0
    """Share of samples with drawn damage, crops of painted photos too, that get one wide area more
    than their medium brings: a loss, a torn hole, a rubbed place or a dried drop."""
    structures: float = 0.27
    """Share of drawn crops with a fence, net, text or frame that is no damage."""
    structures_from: float = 0.33
    """Share of the images before the first of those: they slow the first thousands down."""
    drawn_over: float = 0.5
    """Share of human-masked crops that get drawn damage as well: that a photo was looked
    through must not be the sign that it is sound."""
    human_mask_fraction: float = 0.5
    """Share of crops cut from human-masked photos, where there are any."""
    human_mask_start: float = 0.0
    """Share of the images before the first of those, in a run without a parent: from nothing,
    plates that are mostly sound teach a network to mark nothing (no fracture found after 8,400
    crops; 2,000 after 8,000 of drawn damage were enough)."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "stage", "segmentation")
        self._shares("faint", "film", "holes", "human_mask_fraction", "human_mask_start")
        self._shares("encoder_rate", "structures", "structures_from", "drawn_over")
        if self.positive_weight not in ("sqrt", "full", "none"):
            raise RecipeError("positive_weight must be sqrt, full or none")


@dataclass(frozen=True, kw_only=True)
class InpaintingRecipe(Recipe):
    """L1 in holes and around them, total variation; optionally perceptual and style terms."""

    valid_weight: float = 1.0
    hole_weight: float = 6.0
    variation_weight: float = 0.1
    perceptual_weight: float = 0.0
    style_weight: float = 0.0
    features: str | None = None
    """File of VGG features, or a kind as `recipes.published` lists them; needed when
    perceptual_weight or style_weight is not 0."""
    feature_loss_fraction: float = 0.33
    """Last share of the images that sees the perceptual and style terms."""
    frozen_norm_fraction: float = 0.2
    """Last share of the images with the encoder's norms frozen (phase 2)."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "stage", "inpainting")
        self._shares("feature_loss_fraction", "frozen_norm_fraction")
        if (self.perceptual_weight or self.style_weight) and not self.features:
            raise RecipeError("features must name a file when its losses have a weight")


@dataclass(frozen=True, kw_only=True)
class ColorizationRecipe(Recipe):
    """L1 on CbCr, squared where it is small; optionally rare colours, VGG features, a hinge GAN."""

    huber: float = 0.0
    """Levels of chroma below which the loss is squared: it draws doubt to the mean, not median."""
    rare_colours: float = 0.0
    """0: every pixel counts alike; 1: as Zhang et al. (2016) weigh rare colours."""
    hint_fraction: float = 0.1
    """Share of crops cut from photos with painted colours, where there are any."""
    hint_weight: float = 1.0
    """Of such a crop against an ordinary one, shared by the pixels below its strokes."""

    perceptual_weight: float = 0.0
    features: str | None = None
    feature_loss_fraction: float = 0.3
    adversarial_weight: float = 0.0
    adversarial_from: float = 0.0
    """Share of the images before the discriminator wakes: L1 settles first."""
    beta1: float = 0.9
    """Adam's decay of the mean gradient, of the network; a GAN wants 0."""
    beta2: float = 0.999
    """Adam's decay of the squared gradient; a GAN wants 0.9."""
    discriminator_rate: float = 4e-4
    encoder_rate: float = 0.3
    """The pretrained encoder's learning rate relative to the decoder's."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "stage", "colorization")
        self._shares("feature_loss_fraction", "encoder_rate", "rare_colours", "adversarial_from")
        self._shares("hint_fraction")
        if not (0 <= self.beta1 < 1 and 0 < self.beta2 < 1):
            raise RecipeError("beta1 and beta2 must lie between 0 and 1, below 1")
        if not self.hint_weight >= 0:
            raise RecipeError("hint_weight must not be negative")
        if not 0 <= self.huber <= HALF_RANGE:
            raise RecipeError(f"huber must be 0 to {HALF_RANGE:g} levels of chroma")
        if self.perceptual_weight and not self.features:
            raise RecipeError("features must name a file when perceptual_weight is not 0")


KINDS: dict[Stage, type[Recipe]] = {
    "segmentation": SegmentationRecipe,
    "inpainting": InpaintingRecipe,
    "colorization": ColorizationRecipe,
}


def from_json(values: dict[str, Any]) -> Recipe:
    """The recipe that `to_json` wrote, in this release or an older one.

    Raises RecipeError on unknown stages and fields.
    """
    values = aliases.recipe_fields(values)
    stage = values.get("stage")
    if stage not in KINDS:
        raise RecipeError(f"unknown stage {stage!r}: one of {', '.join(STAGES)}")
    kind = KINDS[stage]
    known = {entry.name for entry in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise RecipeError(f"unknown field {unknown[0]!r} in a {stage} recipe")
    try:
        return kind(**{name: value for name, value in values.items() if name != "stage"})
    except TypeError as error:
        raise RecipeError(str(error)) from error


def changed(recipe: Recipe, **values: Any) -> Recipe:
    """A copy with some fields changed, checked again."""
    return replace(recipe, **values)
