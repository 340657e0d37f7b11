"""The resumable state of a run as one safetensors file: no pickle, restored to the bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn, optim

from photos.files import replacing


class EMA:
    """Running average of a network's weights and norm statistics: steadier than any one step."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay = decay
        self.tensors = {name: value.clone() for name, value in network.state_dict().items()}

    @torch.no_grad()
    def follow(self, network: nn.Module, steps: int) -> None:
        """One step towards the network; early steps follow faster, so that the start is left."""
        share = 1 - min(self.decay, (1 + steps) / (10 + steps))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self.tensors[name].lerp_(value, share)
            else:
                self.tensors[name].copy_(value)


def save(path: Path, tensors: dict[str, Tensor], state: dict[str, Any]) -> None:
    """Write tensors of any shape and a JSON state atomically."""
    solid = {name: value.detach().contiguous().clone() for name, value in tensors.items()}
    with replacing(path) as aside:
        save_file(solid, aside, {"state": json.dumps(state)})


def load(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors, in their shapes, and the state that `save` wrote."""
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        state: dict[str, Any] = json.loads(file.metadata()["state"])
    return tensors, state


def prefixed(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors, of any shape, as `prefix/name`."""
    return {f"{prefix}/{name}": value for name, value in tensors.items()}


def under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors that `prefixed` put under `prefix`, by their own names and in their shapes."""
    start = prefix + "/"
    return {name[len(start) :]: value for name, value in tensors.items() if name.startswith(start)}


def optimizer_tensors(optimizer: optim.Optimizer) -> dict[str, Tensor]:
    """An optimiser's moments as `index/name` tensors (rates come from the schedule).

    Moments have their weight's shape, step counts are scalar.
    """
    return {
        f"{index}/{name}": torch.as_tensor(value)
        for index, values in optimizer.state_dict()["state"].items()
        for name, value in values.items()
    }


def restore_optimizer(optimizer: optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Give back the moments that `optimizer_tensors` took, in the same shapes."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, name = key.split("/", 1)
        state.setdefault(int(index), {})[name] = value
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})
