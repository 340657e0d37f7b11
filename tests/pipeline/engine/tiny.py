"""Tiny random networks, saved as real weight files, and pictures to run them on."""

import numpy as np
import torch

from pipeline.engine.networks import Network, open_network
from pipeline.engine.runtimes import Runtime
from training.networks import registry, weights

ARGUMENTS = {
    "segmentation": ("lite", {"width": 4}),
    "inpainting": ("lite", {"width": 4, "levels": 3}),
    "colorization": ("lite_unet", {"width": 4}),
}
CARDS = {
    "segmentation": {
        "threshold": {"fracture": 0.5, "scuff": 0.5, "hole": 0.5},
        "logit_offset": {"fracture": 0.1, "scuff": 0.2, "hole": 0.3},
    },
    "inpainting": {"hole_size_max": 40.0},
    "colorization": {},
}


def weight_file(folder, stage):
    torch.manual_seed(3)
    network, arguments = ARGUMENTS[stage]
    module = registry.build(stage, network, **arguments)
    for parameter in module.parameters():  # a residual that starts at zero would test nothing
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.02)
    path = folder / f"{stage}.safetensors"
    card = {"stage": stage, "network": network, "arguments": arguments, **CARDS[stage]}
    weights.save(path, module, card)
    return path


def networks(folder, engine="onnx"):
    return {
        stage: open_network(weight_file(folder, stage), engine=engine, threads=1)
        for stage in ARGUMENTS
    }


def picture(height=120, width=90, channels=3, dtype=np.uint8, seed=0):
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width]
    waves = (
        0.5 + 0.3 * np.sin(rows / 9)[..., None] * np.cos(columns / 7 + np.zeros((1, 1)))[..., None]
    )
    values = np.clip(waves + 0.05 * rng.standard_normal((height, width, channels)), 0, 1)
    pixels = np.rint(values * np.iinfo(dtype).max).astype(dtype)
    return pixels[..., 0] if channels == 1 else pixels


class Pointwise(Runtime):
    """Three logits from each pixel alone: tiled must equal whole, to the bit of blending."""

    name = "pointwise"
    multiple = 16

    def forward(self, *arrays):
        y = arrays[0]
        return np.concatenate([8 * y - 4, 4 - 8 * y, 2 * y], axis=1)


def pointwise():
    return Network("segmentation", "pointwise", Pointwise(), "", CARDS["segmentation"])
