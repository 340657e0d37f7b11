"""Weight files: safetensors with the model card inside, and the same card as JSON beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

from photos.files import replacing, write_whole
from training.networks.padding import AnySize
from training.networks.registry import build

Card = dict[str, Any]


def save(path: Path, module: nn.Module, card: Card, dtype: torch.dtype = torch.float16) -> None:
    """Write `path` and its card `path` with .json, each by a temporary file and a rename.

    The card must name `stage`, `network` and `arguments`, so that `load` can build the network.
    Raises ValueError where it does not.
    """
    for key in ("stage", "network", "arguments"):
        if key not in card:
            raise ValueError(f"the card lacks {key!r}")
    tensors = {
        name: (value.to(dtype) if value.is_floating_point() else value).contiguous()
        for name, value in module.state_dict().items()
    }
    text = json.dumps(card, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    with replacing(path) as aside:
        save_file(tensors, aside, {"card": text})
        aside.chmod(_usual_mode(path))  # safetensors writes for its owner alone
    write_whole(path.with_suffix(".json"), f"{text}\n".encode())


def _usual_mode(path: Path) -> int:
    """What a new file beside `path` may be to whom, by the umask of this process."""
    probe = path.with_name(path.name + ".mode")
    probe.touch()
    try:
        return probe.stat().st_mode & 0o777
    finally:
        probe.unlink()


def read_card(path: Path) -> Card:
    """The card inside a weight file. Raises ValueError when there is none."""
    with safe_open(path, framework="pt") as file:
        text = (file.metadata() or {}).get("card")
    if text is None:
        raise ValueError(f"{path.name} carries no model card")
    card: Card = json.loads(text)
    return card


def load(path: Path) -> tuple[AnySize, Card]:
    """The network in eval mode, float32, and its card. Missing or extra keys are errors."""
    card = read_card(path)
    module = build(card["stage"], card["network"], **card["arguments"])
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    module.load_state_dict(tensors, strict=True)
    return module.eval(), card
