"""Recipes: every choice of a training run as a frozen dataclass. No torch here: Django reads it."""

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
    """File of encoder weights (.safetensors or .pth); "package" = the optional Lite0 package."""
    images: int = 12_000
    """Training crops to see in all."""
    epoch_images: int = 1_000
    """Crops between two validations, each followed by a checkpoint."""
    batch: int = 8
    accumulate: int = 1
    """Parts a batch is cut into: gradients add up, memory is that of one part."""
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
        later = LATER | (LATER_TO_FIND if self.stage == "segmentation" else {})
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
    """Share of samples with drawn damage that get one torn hole more than their medium brings."""
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
    """File of VGG features; needed when perceptual_weight or style_weight is not 0."""
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
    discriminator_rate: float = 4e-4
    encoder_rate: float = 0.3
    """The pretrained encoder's learning rate relative to the decoder's."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "stage", "colorization")
        self._shares("feature_loss_fraction", "encoder_rate", "rare_colours", "hint_fraction")
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

_TINY: dict[str, Any] = {
    "images": 96, "epoch_images": 48, "batch": 4, "size": 96, "large_crop_size": 96,
    "warmup_images": 8, "validation_photos": 3, "validation_size": 128, "ema_decay": 0.9,
}  # fmt: skip

PRESETS: dict[Stage, dict[str, Recipe]] = {
    "segmentation": {
        "tiny": SegmentationRecipe(
            name="tiny",
            description="A trial of the whole path in under two minutes; not for production.",
            arguments={"width": 8},
            **_TINY,
        ),
        "lite": SegmentationRecipe(
            name="lite",
            description="The default: pretrained encoder, head at full resolution, about two hours "
            "a core. Start it from earlier weights or a published encoder.",
            network="lite0",
            images=30_000,
            epoch_images=2_000,
            large_crop_size=256,
            large_crop_fraction=0.33,
            human_mask_start=0.1,
            learning_rate=1.2e-3,
        ),
        "article": SegmentationRecipe(
            name="article",
            description="AlbuNet-18 with the article's stem and full class weights; needs a GPU.",
            network="albunet",
            arguments={"depth": 18, "stem": "full"},
            images=200_000,
            epoch_images=4_000,
            size=512,
            large_crop_size=512,
            positive_weight="full",
            thin_lines=False,
            human_mask_start=0.2,
        ),
    },
    "inpainting": {
        "tiny": InpaintingRecipe(
            name="tiny",
            description="A trial of the whole path in under two minutes; not for production.",
            arguments={"width": 8, "levels": 5},
            **_TINY,
        ),
        "lite": InpaintingRecipe(
            name="lite",
            description="The default: residual over a push-pull fill, about an hour a core.",
            arguments={"width": 32, "levels": 7},
            images=14_000,
            epoch_images=1_400,
            validation_photos=40,
            validation_size=256,
            batch=6,
            size=256,
            large_crop_size=256,
            learning_rate=5e-4,
            valid_weight=0.0,
            variation_weight=0.0,
        ),
        "article": InpaintingRecipe(
            name="article",
            description="Plain partial convolutions, 8 levels, frozen-norm phase 2; needs a GPU.",
            network="plain",
            arguments={"width": 64, "levels": 8, "norm": "abn"},
            images=500_000,
            epoch_images=5_000,
            size=512,
            large_crop_size=512,
            learning_rate=2e-4,
            final_learning_rate=5e-5,
        ),
    },
    "colorization": {
        "tiny": ColorizationRecipe(
            name="tiny",
            description="A trial of the whole path in under two minutes; not for production.",
            network="lite_unet",
            arguments={"width": 8},
            **_TINY,
        ),
        "lite": ColorizationRecipe(
            name="lite",
            description="The default, about an hour a core. Start it from earlier weights or a "
            "published encoder: colours are learnt slowly from nothing.",
            images=24_000,
            epoch_images=1_500,
            batch=10,
            large_crop_size=288,
            large_crop_fraction=0.2,
            validation_photos=51,
            validation_size=384,
        ),
        "article": ColorizationRecipe(
            name="article",
            description="AlbuNet-50 against a self-attention discriminator; needs a GPU.",
            network="albunet",
            arguments={"depth": 50, "stem": "std"},
            images=300_000,
            epoch_images=5_000,
            size=512,
            large_crop_size=512,
            learning_rate=1e-4,
            adversarial_weight=0.05,
        ),
    },
}


def encoder_kind(recipe: Recipe) -> str | None:
    """Which published encoder the recipe's network takes, as `import_encoder` names it."""
    if recipe.network == "albunet":
        depth = recipe.arguments.get("depth", 50 if recipe.stage == "colorization" else 18)
        return f"resnet{depth}"
    lite0 = (recipe.stage, recipe.network) in (("colorization", "lite"), ("segmentation", "lite0"))
    return "efficientnet-lite0" if lite0 else None


def preset(stage: str, name: str) -> Recipe:
    """A preset by stage and name. Raises RecipeError naming the known ones."""
    if stage not in KINDS:
        raise RecipeError(f"unknown stage {stage!r}: one of {', '.join(STAGES)}")
    known = PRESETS[stage]
    if name not in known:
        raise RecipeError(f"unknown {stage} recipe {name!r}: one of {', '.join(known)}")
    return known[name]


def choices(stage: str) -> list[tuple[str, str]]:
    """(name, one-line description) of every preset of a stage, as forms want them."""
    if stage not in KINDS:
        raise RecipeError(f"unknown stage {stage!r}: one of {', '.join(STAGES)}")
    return [(name, recipe.description) for name, recipe in PRESETS[stage].items()]


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
