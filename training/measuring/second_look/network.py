"""The second look: ImageNet's first blocks, frozen, read where a component is and beside it.

Only what they say of the component and of a band around it is learnt from, never of the rest of
the picture, so that "this picture is clean" is no cue.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from photos.files import replacing
from training.imaging.component_views import FIGURES, SIDE
from training.networks.efficientnet_lite import EfficientNetLite0

TAPS = {2: 24, 4: 40, 7: 80, 10: 112}  # blocks of the encoder and their maps
BAND = 8  # px around a component, in its view
FEATURES = 2 * 2 * sum(TAPS.values())
HIDDEN, DROPPED, MEMBERS = 64, 0.5, 5


class Encoder(nn.Module):
    """EfficientNet-Lite0 up to its eleventh block, 0.7 M parameters."""

    def __init__(self, weights: Path | None = None) -> None:
        super().__init__()
        whole = EfficientNetLite0(1)
        if weights is not None:
            whole.load_published(weights)
        whole._blocks = whole._blocks[: max(TAPS) + 1]
        self.trunk = whole.eval()

    def forward(self, views: Tensor) -> Tensor:
        """N x 2 x 3 x S x S (0..255) to N x FEATURES: means over component and band."""
        flat = views.flatten(0, 1)
        mask = flat[:, 2:] / 255
        grown = functional.max_pool2d(mask, (1, 2 * BAND + 1), 1, (0, BAND))
        grown = functional.max_pool2d(grown, (2 * BAND + 1, 1), 1, (BAND, 0))
        features = [
            (seen * weight).sum((2, 3)) / (weight.sum((2, 3)) + 1e-4)
            for seen in self._maps((flat[:, :1] - 127) / 128)
            for weight in _at(seen, mask, grown)
        ]
        return torch.cat(features, 1).reshape(views.shape[0], FEATURES)

    def _maps(self, x: Tensor) -> list[Tensor]:
        trunk, maps = self.trunk, []
        x = functional.relu6(trunk._bn0(trunk._conv_stem(functional.pad(x, (0, 1, 0, 1)))))
        for index, block in enumerate(trunk._blocks):
            x = block(x)
            if index in TAPS:
                maps.append(x)
        return maps


def _at(seen: Tensor, mask: Tensor, grown: Tensor) -> tuple[Tensor, Tensor]:
    """The shares of each place of a map that are component, and band."""
    step = mask.shape[-1] // seen.shape[-1]
    own = functional.avg_pool2d(mask, step)
    return own, functional.avg_pool2d(grown, step) - own


class Head(nn.Module):
    """Features and figures to one logit, the mean of its members': above 0 it is damage."""

    mean: Tensor
    spread: Tensor
    cut: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(FEATURES + FIGURES))
        self.register_buffer("spread", torch.ones(FEATURES + FIGURES))
        self.register_buffer("cut", torch.zeros(()))
        self.members = nn.ModuleList(_member() for _ in range(MEMBERS))

    def forward(self, seen: Tensor) -> Tensor:
        """N x (FEATURES + FIGURES) to N."""
        shown = self.normalised(seen)
        answers = torch.stack([member(shown)[:, 0] for member in self.members])
        return answers.mean(0) - self.cut

    def normalised(self, seen: Tensor) -> Tensor:
        """N x (FEATURES + FIGURES), as each member is shown it."""
        return (seen - self.mean) / self.spread


def _member() -> nn.Module:
    return nn.Sequential(
        nn.Dropout(DROPPED),
        nn.Linear(FEATURES + FIGURES, HIDDEN),
        nn.ReLU(),
        nn.Dropout(DROPPED),
        nn.Linear(HIDDEN, 1),
    )


class SecondLook(nn.Module):
    """Views N x 2 x 3 x S x S (0..255) and figures N x FIGURES to N logits above the cut."""

    def __init__(self, encoder: Encoder, head: Head) -> None:
        super().__init__()
        self.encoder, self.head = encoder, head

    def forward(self, views: Tensor, figures: Tensor) -> Tensor:
        """See the class: N logits."""
        answer: Tensor = self.head(torch.cat([self.encoder(views), figures], 1))
        return answer


def exported(network: SecondLook, path: Path) -> None:
    """Writes the network as ONNX, opset 17, for any number of components."""
    examples = (torch.zeros(2, 2, 3, SIDE, SIDE), torch.zeros(2, FIGURES))
    names = ["views", "figures"]
    with replacing(path) as temporary, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter without onnxscript calls itself old
        torch.onnx.export(
            network.eval(),
            examples,
            str(temporary),
            input_names=names,
            output_names=["logits"],
            dynamic_axes={name: {0: "components"} for name in [*names, "logits"]},
            opset_version=17,
            dynamo=False,
        )
