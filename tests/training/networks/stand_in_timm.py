"""As much of timm as `training.networks.timm_unet` asks for, with one small architecture."""

from types import SimpleNamespace

import torch
from safetensors.torch import load_file
from torch import nn

NAMES = {"small": (2, 2, 2), "coarse": (4, 2), "flat": (8, 1), "odd": (5, 2)}


class Maps(nn.Module):
    def __init__(self, steps):
        super().__init__()
        sizes = [3, *(8 * 2**k for k in range(len(steps)))]
        self.steps = nn.ModuleList(
            nn.Conv2d(sizes[k], sizes[k + 1], 3, step, 1) for k, step in enumerate(steps)
        )

    def forward(self, x):
        found = []
        for step in self.steps:
            x = torch.relu(step(x))
            found.append(x)
        return found


def is_model(name):
    return name in NAMES


def get_pretrained_cfg(name):
    return SimpleNamespace(mean=(0.4, 0.5, 0.6), std=(0.2, 0.25, 0.3))


def create_model(name, *, features_only, pretrained, pretrained_cfg_overlay=None):
    """Raises RuntimeError where the file of the overlay does not fit, as timm does."""
    assert features_only
    made = Maps(NAMES[name])
    if pretrained:
        made.load_state_dict(load_file(pretrained_cfg_overlay["file"]))
    return made
