"""The published encoders an operator has brought, as kept on disk. No torch: pages list them."""

import json
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open


@dataclass(frozen=True)
class Encoder:
    """What was imported: the network it fits, the file as it is kept, and where it came from."""

    kind: str
    path: Path
    sha256: str
    source: str


def kept(folder: Path) -> list[Encoder]:
    """What was imported before, by kind; files that are not ours are passed over."""
    found = []
    for path in sorted(folder.glob("*.safetensors")):
        try:
            with safe_open(path, "np") as file:
                facts = json.loads((file.metadata() or {})["encoder"])
            found.append(Encoder(facts["kind"], path, facts["sha256"], facts["source"]))
        except (SafetensorError, KeyError, ValueError):
            continue
    return found
