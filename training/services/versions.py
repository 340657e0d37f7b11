"""Register weights, promote, roll back."""

from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction

from config.errors import Refused
from config.words.said import Said, Words, said
from photos import storage
from training.cards import model_cards
from training.models import (
    ModelVersion,
    Promotion,
    Stage,
    TrainingRun,
)
from training.services.gate import BYTES, check_later

SHIPPED = "shipped with Heirloom"  # what older releases kept
OF_SHIPPED = said("promotion.shipped")


@transaction.atomic
def register_weights(
    *,
    path: Path,
    name: str = "",
    origin: str = ModelVersion.Origin.FILE,
    run: TrainingRun | None = None,
) -> ModelVersion:
    """Takes a weight file with its card into the site; the same bytes are one version.

    The export is compared with torch by a job: until that gate has passed, nothing uses it.
    """
    version, created = add_version(path=path, name=name, origin=origin, run=run)
    if created or not version.gate:
        check_later(version)
    return version


def add_version(
    *, path: Path, name: str, origin: str, run: TrainingRun | None = None
) -> tuple[ModelVersion, bool]:
    """The row alone, without its gate. True when it is new."""
    try:
        card = model_cards.read(path)
    except model_cards.CardError as error:
        raise Refused(f"{error}.") from error
    if card["stage"] not in Stage.values:
        raise Refused(f"The card names an unknown stage, {card['stage']!r}.")
    blob = storage.put(path, BYTES)
    return ModelVersion.objects.get_or_create(
        weights_sha256=blob.digest,
        defaults={
            "stage": card["stage"],
            "name": (name or str(card.get("name") or path.stem))[:120],
            "origin": origin,
            "weights": blob,
            "card": card,
            "metrics": model_cards.numbers(card.get("metrics")),
            "run": run,
        },
    )


def refuse_unusable(version: ModelVersion) -> None:
    """Raises Refused for weights whose export does not match torch, or is unchecked."""
    if version.is_usable:
        return
    if reason := version.gate.get("reason", ""):
        raise Refused(said("gate.not-passed", version=version.name, reason=reason))
    raise Refused(said("gate.unchecked", version=version.name))


@transaction.atomic
def promote(
    *,
    version: ModelVersion,
    reason: Words,
    promoted_by: User | None = None,
    study_digest: str = "",
    export_digest: str = "",
) -> Promotion:
    """Puts a version into production: one more row, so that the past stays readable."""
    refuse_unusable(version)
    if not str(reason).strip():
        raise Refused("Say in a sentence why this version goes into production.")
    return Promotion.objects.create(
        stage=version.stage,
        version=version,
        reason=reason if isinstance(reason, Said) else reason.strip(),
        promoted_by=promoted_by,
        study_digest=study_digest,
        export_digest=export_digest,
    )


@transaction.atomic
def roll_back(*, stage: str, by: User | None = None, seen: str | None = None) -> Promotion:
    """Brings back what ran before the current version.

    ``seen`` is the number of the promotion that the page showed: of two clicks the second is
    refused, for it would bring back what the first had taken out.
    """
    Promotion.objects.lock(stage)
    current = Promotion.objects.current(stage)
    if seen is not None and (current is None or str(current.pk) != seen):
        raise Refused("Production has changed since you looked: look again.")
    before = Promotion.objects.before(current) if current else None
    if current is None or before is None:
        raise Refused("Nothing else has been in production here: there is nothing to go back to.")
    reason = said("promotion.rolled-back", version=current.version.name)
    return promote(version=before.version, reason=reason, promoted_by=by)


@transaction.atomic
def promote_shipped(version: ModelVersion) -> Promotion | None:
    """Promotes shipped weights over nothing or over older shipped ones, never over a choice."""
    current = Promotion.objects.current(version.stage)
    if current is not None and (not is_shipped(current) or current.version_id == version.pk):
        return None
    return promote(version=version, reason=OF_SHIPPED)


def is_shipped(promotion: Promotion) -> bool:
    return promotion.reason in (OF_SHIPPED, SHIPPED)
