"""Every network by stage and name: what recipes, cards and weight files refer to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from training.networks.colour_unet import ColourLiteUNet, ColourUNet
from training.networks.inpainting_unet import ResidualInpainter
from training.networks.lite_unet import LiteUNet

STAGES = ("segmentation", "inpainting", "colorization")

NETWORKS: dict[str, dict[str, Callable[..., nn.Module]]] = {
    "segmentation": {"lite": LiteUNet},
    "inpainting": {"lite": ResidualInpainter},
    "colorization": {"lite": ColourUNet, "lite_unet": ColourLiteUNet},
}


def build(stage: str, name: str, **arguments: Any) -> nn.Module:
    """A fresh network with random weights. Raises ValueError naming what is unknown."""
    if stage not in NETWORKS:
        raise ValueError(f"unknown stage {stage!r}: one of {', '.join(STAGES)}")
    if name not in NETWORKS[stage]:
        known = ", ".join(NETWORKS[stage])
        raise ValueError(f"unknown {stage} network {name!r}: one of {known}")
    return NETWORKS[stage][name](**arguments)
