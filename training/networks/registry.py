"""Every network by stage and name: what recipes, cards and weight files refer to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from training.networks.albunet import AlbuNet, ColourAlbuNet
from training.networks.colour_unet import ColourLiteUNet, ColourUNet
from training.networks.inpainting_unet import ResidualInpainter
from training.networks.lite0_unet import Lite0UNet
from training.networks.lite_unet import LiteUNet
from training.networks.padding import AnySize
from training.networks.timm_unet import ColourTimmUNet, TimmUNet

STAGES = ("segmentation", "inpainting", "colorization")

# "plain" inpainting is the article's: the same U-Net without the push-pull start.
NETWORKS: dict[str, dict[str, Callable[..., AnySize]]] = {
    "segmentation": {"lite0": Lite0UNet, "lite": LiteUNet, "albunet": AlbuNet, "timm": TimmUNet},
    "inpainting": {"lite": ResidualInpainter, "plain": partial(ResidualInpainter, fill=False)},
    "colorization": {
        "lite": ColourUNet,
        "lite_unet": ColourLiteUNet,
        "albunet": ColourAlbuNet,
        "timm": ColourTimmUNet,
    },
}


def build(stage: str, name: str, **arguments: Any) -> AnySize:
    """A fresh network with random weights. Raises ValueError naming what is unknown."""
    if stage not in NETWORKS:
        raise ValueError(f"unknown stage {stage!r}: one of {', '.join(STAGES)}")
    if name not in NETWORKS[stage]:
        known = ", ".join(NETWORKS[stage])
        raise ValueError(f"unknown {stage} network {name!r}: one of {known}")
    return NETWORKS[stage][name](**arguments)
