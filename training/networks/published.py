"""Weight files that others published: read without pickles, fitted key by key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from pickle import UnpicklingError

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

COUNTER = "num_batches_tracked"  # files from before 2018 lack it; nothing here reads it


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Tensors of any shape by name from .safetensors, or .pth read with `weights_only`.

    Raises ValueError for a file that holds anything else.
    """
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        found = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, UnpicklingError, RuntimeError, EOFError, KeyError) as error:
        raise ValueError(f"{path.name} holds no weights that can be read") from error
    if not isinstance(found, dict) or not all(isinstance(v, Tensor) for v in found.values()):
        raise ValueError(f"{path.name} holds something else than weights by name")
    return found


def fitted(
    mine: Mapping[str, Tensor],
    published: Mapping[str, Tensor],
    *,
    file: str,
    network: str,
    head: Collection[str],
) -> dict[str, Tensor]:
    """The published tensors a network takes, each in the shape of `mine`.

    Keys that start with one of `head` are dropped. Raises ValueError naming the first key that is
    missing, misshapen or unknown.
    """
    kept: dict[str, Tensor] = {}
    for key, value in mine.items():
        found = published.get(key, value if key.endswith(COUNTER) else None)
        if found is None:
            raise ValueError(f"{file} does not fit {network}: {key} is missing")
        if found.shape != value.shape:
            shapes = f"{tuple(found.shape)}, wanted {tuple(value.shape)}"
            raise ValueError(f"{file} does not fit {network}: {key} is {shapes}")
        kept[key] = found
    unknown = [k for k in published if k not in mine and not k.startswith(tuple(head))]
    if unknown:
        raise ValueError(f"{file} does not fit {network}: {unknown[0]} is unknown there")
    return kept


def kind_of(tensors: Mapping[str, Tensor]) -> str:
    """Which network a file was made for, by its keys; no shape is looked at.

    Raises ValueError where no network is known.
    """
    if "_conv_stem.weight" in tensors:
        return "efficientnet-lite0"
    if "features.0.weight" in tensors:
        return "vgg16"
    if "conv1_1.weight" in tensors:
        return "vgg16-hed"
    if "layer1.0.conv1.weight" in tensors:
        blocks = len({key.split(".")[1] for key in tensors if key.startswith("layer3.")})
        deep = "layer1.0.conv3.weight" in tensors
        known = {(2, False): "resnet18", (6, False): "resnet34", (6, True): "resnet50"}
        if (blocks, deep) in known:
            return known[blocks, deep]
    raise ValueError("these are no weights of ResNet-18, 34, 50, EfficientNet-Lite0 or VGG-16")
