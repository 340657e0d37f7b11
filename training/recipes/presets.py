"""The recipes that come with the product, by stage and name."""

from __future__ import annotations

from typing import Any

from training.recipes.fields import (
    KINDS,
    STAGES,
    ColorizationRecipe,
    InpaintingRecipe,
    Recipe,
    RecipeError,
    SegmentationRecipe,
    Stage,
)

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
            description="AlbuNet-18 with the article's stem, synchronised in-place ABN and full "
            "class weights, 80 crops of 512 to 1024 px a step; needs a GPU.",
            network="albunet",
            arguments={"depth": 18, "stem": "full", "norm": "abn"},
            encoder="resnet18",
            images=200_000,
            epoch_images=4_000,
            warmup_images=4_000,
            batch=80,
            accumulate=20,
            size=512,
            large_crop_size=1024,
            large_crop_fraction=0.5,
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
            description="Plain partial convolutions, 8 levels, frozen-norm phase 2, perceptual and "
            "style terms where VGG-16 is imported; needs a GPU.",
            network="plain",
            arguments={"width": 64, "levels": 8, "norm": "abn"},
            images=500_000,
            epoch_images=5_000,
            size=512,
            large_crop_size=512,
            learning_rate=2e-4,
            final_learning_rate=5e-5,
            perceptual_weight=0.05,
            style_weight=120.0,
            features="vgg16",
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
            description="AlbuNet-50, L1 first, then against a self-attention discriminator, "
            "VGG-16's features where imported; needs a GPU.",
            network="albunet",
            arguments={"depth": 50, "stem": "std", "norm": "abn"},
            encoder="resnet50",
            images=300_000,
            epoch_images=5_000,
            size=512,
            large_crop_size=512,
            learning_rate=1e-4,
            weight_decay=0.0,
            perceptual_weight=0.005,
            features="vgg16",
            feature_loss_fraction=0.5,
            adversarial_weight=0.05,
            adversarial_from=0.5,
            beta1=0.0,
            beta2=0.9,
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
