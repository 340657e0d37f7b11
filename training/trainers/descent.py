"""The optimiser of a recipe: which weights it moves, how fast, and which it lets decay."""

from __future__ import annotations

from typing import Any

from torch import nn, optim

from training.recipes import Recipe


def optimizer_of(
    network: nn.Module, recipe: Recipe, rates: dict[str, float] | None = None
) -> optim.Optimizer:
    """AdamW over the network's parameters; `rates` are relative learning rates by name prefix.

    Without decay it is Adam (Kingma, Ba 2014); its two betas are colour recipes' to choose.
    """
    betas = (getattr(recipe, "beta1", 0.9), getattr(recipe, "beta2", 0.999))
    return optim.AdamW(groups(network, recipe.weight_decay, rates or {}), betas=betas)


def groups(network: nn.Module, decay: float, rates: dict[str, float]) -> list[dict[str, Any]]:
    """Parameter groups: kernels are decayed, norms and biases are not; `rates` by name prefix."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        relative = next((r for prefix, r in rates.items() if name.startswith(prefix)), 1.0)
        key = (decay if parameter.dim() > 1 else 0.0, relative)
        groups.setdefault(key, []).append(parameter)
    return [
        {"params": parameters, "weight_decay": wd, "relative": relative}
        for (wd, relative), parameters in groups.items()
    ]
