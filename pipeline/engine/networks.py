"""A network ready to run: its runtime beside its name, hash and card."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from photos.files import sha256
from pipeline.engine.baselines import rival
from pipeline.engine.runtime_selection import remembered
from pipeline.engine.runtimes import Plane, Runtime, open_runtime
from training.foreign.limits import GraphError, RunLimits
from training.foreign.network import ForeignNetwork

STAGES = ("segmentation", "inpainting", "colorization")


@dataclass(frozen=True)
class Network:
    """`name` and `sha256` say which weights made a result; rivals have no hash."""

    stage: str
    name: str
    run: Runtime
    sha256: str = ""
    card: dict[str, Any] = field(default_factory=dict)

    @property
    def learnt(self) -> bool:
        """Whether it has weights: yardsticks have none."""
        return bool(self.sha256)

    def described(self) -> dict[str, str]:
        """Name, digest and engine, as a report names them."""
        said = {"name": self.name, "sha256": self.sha256, "engine": self.run.name}
        if self.card.get("noncommercial") is True:
            said["noncommercial"] = ", ".join(self.card.get("licences", []))
        return said


# By stage; a caller who wants only some kinds of result leaves the other stages out.
Networks = Mapping[str, Network]


def open_network(
    weights: Path,
    *,
    name: str = "",
    engine: str = "auto",
    onnx: Path | None = None,
    threads: int = 0,
    exports: Path | None = None,
) -> Network:
    """The network of a weight file (its card is the .json beside it, or inside the file)."""
    digest = sha256(weights)
    return _open(digest, weights, name or weights.stem, engine, onnx, threads, exports)


@lru_cache(maxsize=6)  # a worker runs the same three networks job after job
def _open(
    digest: str,
    weights: Path,
    name: str,
    engine: str,
    onnx: Path | None,
    threads: int,
    exports: Path | None,
) -> Network:
    card = read_card(weights)
    choice = remembered(exports or weights.parent, digest) if engine == "auto" else None
    engine = choice.engine if choice else engine
    runtime = open_runtime(weights, engine=engine, onnx=onnx, threads=threads, exports=exports)
    return Network(card["stage"], name, runtime, digest, card)


def read_card(weights: Path) -> dict[str, Any]:
    """The model card, read from the header of the safetensors file without loading torch.

    Raises ValueError for a file of another form or without a card, OSError where there is none.
    """
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 0 < length < 100_000_000:
            raise ValueError(f"{weights.name} is no weight file")
        header = json.loads(file.read(length))
    text = header.get("__metadata__", {}).get("card")
    if text is None:
        raise ValueError(f"{weights.name} carries no model card")
    card: dict[str, Any] = json.loads(text)
    return card


def open_rival(stage: str, builtin: str, card: dict[str, Any] | None = None) -> Network:
    """One of the rivals without weights; no hole is too large for the classical ones."""
    known = {"hole_size_max": float("inf")} if stage == "inpainting" else {}
    return Network(stage, builtin, rival(builtin, card), "", {**known, **(card or {})})


class ForeignRuntime(Runtime):
    """A published network in its child; what it is refused for is raised as `refusal`."""

    name = "imported"

    def __init__(self, network: ForeignNetwork, refusal: type[Exception] = GraphError) -> None:
        self.network, self.refusal = network, refusal
        self.multiple = network.multiple

    def __call__(self, *planes: Plane) -> Plane:
        try:
            return self.network(*planes)
        except GraphError as error:
            raise self.refusal(error.said) from error


def open_imported(
    model: Path,
    *,
    name: str,
    sha256: str,
    card: dict[str, Any],
    limits: RunLimits,
    refusal: type[Exception] = GraphError,
) -> Network:
    """A published network by its graph and the card of its import; its child starts when asked."""
    run = ForeignRuntime(ForeignNetwork.of_card(model, card, limits), refusal)
    return Network(str(card["stage"]), name, run, sha256, card)
