"""The weights that ship: registered through the same gate as any version, then promoted."""

import tempfile
from pathlib import Path

from config.words.said import said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Queue
from photos import storage
from photos.files import sha256
from training.cards import model_cards
from training.models import ModelVersion, Promotion
from training.services.gate import record_gate
from training.services.versions import add_version, promote_shipped

FOLDER = Path(__file__).parents[1] / "weights"


def register() -> tuple[list[ModelVersion], list[Promotion]]:
    """Registers what is new, checks all of it in one process, promotes what passed.

    Answers (versions that are new, promotions made). Harmless and quick when nothing is new.
    """
    found = [
        add_version(path=path, name=_name(path), origin=ModelVersion.Origin.SHIPPED, run=None)
        for path in sorted(FOLDER.glob("*.safetensors"))
    ]
    versions = [version for version, _ in found]
    check([version for version in versions if not version.gate])
    promoted = [promote_shipped(version) for version in versions if version.gate_passed]
    return [version for version, new in found if new], [row for row in promoted if row]


@job(Precedence.UPKEEP, queue=Queue.MAINTENANCE)
def take_up_shipped(work: Work) -> None:
    """After a first start or an upgrade: the weights that ship, through the gate."""
    work.progress(0.1, said("gate.exporting"))
    new, promoted = register()
    work.log(said("gate.shipped", new=len(new), promoted=len(promoted)))


def take_up() -> None:
    """At every start: a site has networks from its first minute, and newer ones after an upgrade.

    A job does the work, since the check takes seconds that no start should wait for.
    """
    known = ModelVersion.objects.exclude(gate={}).values_list("weights_sha256", flat=True)
    new = {sha256(path) for path in FOLDER.glob("*.safetensors")} - set(known)
    if new and not take_up_shipped.jobs.active().exists():
        take_up_shipped.using(title=said("job.check-shipped")).later()


def _name(path: Path) -> str:
    """``Segmentation lite 3fa2c1, shipped``: two of one day differ by their bytes."""
    card = model_cards.read(path)
    recipe = (card.get("recipe") or {}).get("name", "")
    return f"{card['stage'].title()} {recipe} {sha256(path)[:6]}, shipped"


def check(versions: list[ModelVersion]) -> None:
    """The gate for several versions at once: loading torch takes longer than comparing."""
    if not versions:
        return
    from training.services import export_check  # a second of imports that no start should pay

    with tempfile.TemporaryDirectory(prefix="heirloom-gate-") as name:
        weights = {}
        for version in versions:
            assert version.weights is not None  # noqa: S101 - narrows the type
            path = Path(name) / f"{version.pk}.safetensors"
            path.write_bytes(storage.read(version.weights))
            weights[path] = version.stage
        verdicts = export_check.judge(weights, Path(name) / "rooms")
        for version, verdict in zip(versions, verdicts, strict=True):
            record_gate(version=version, verdict=verdict)
