"""The weights that ship: registered through the same gate as any version, then promoted."""

import logging
import tempfile
from pathlib import Path

from annotate import blobs
from jobs.errors import Refused
from training import cards, gate, services
from training.models import ModelVersion, Promotion

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "weights"


def register() -> tuple[list[ModelVersion], list[Promotion]]:
    """Registers what is new, checks all of it in one process, promotes what passed.

    Answers (versions that are new, promotions made). Harmless and quick when nothing is new.
    """
    found = [
        services.add_version(
            path=path, name=_name(path), origin=ModelVersion.Origin.SHIPPED, run=None
        )
        for path in sorted(FOLDER.glob("*.safetensors"))
    ]
    versions = [version for version, _ in found]
    check([version for version in versions if not version.gate])
    promoted = [services.promote_shipped(version) for version in versions if version.gate_passed]
    return [version for version, new in found if new], [row for row in promoted if row]


def take_up() -> None:
    """At every start: a site has networks from its first minute, and newer ones after an upgrade.

    A check that comes to no answer is logged and tried again at the next start.
    """
    try:
        register()
    except (gate.GateError, Refused, OSError) as error:
        log.error("the weights that ship were not registered: %s", error)


def _name(path: Path) -> str:
    """``Segmentation lite, shipped 2026-11-22``."""
    card = cards.read(path)
    recipe = (card.get("recipe") or {}).get("name", "")
    return f"{card['stage'].title()} {recipe}, shipped {str(card.get('created', ''))[:10]}"


def check(versions: list[ModelVersion]) -> None:
    """The gate for several versions at once: loading torch takes longer than comparing."""
    if not versions:
        return
    with tempfile.TemporaryDirectory(prefix="heirloom-gate-") as name:
        weights = {}
        for version in versions:
            assert version.weights is not None  # noqa: S101 - narrows the type
            path = Path(name) / f"{version.pk}.safetensors"
            path.write_bytes(blobs.read(version.weights))
            weights[path] = version.stage
        verdicts = gate.judge(weights, Path(name) / "rooms")
        for version, verdict in zip(versions, verdicts, strict=True):
            services.record_gate(version=version, verdict=verdict)
