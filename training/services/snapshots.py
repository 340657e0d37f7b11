"""Freeze what is labelled now into a snapshot that never changes."""

from django.contrib.auth.models import User
from django.db import transaction

from config.errors import Refused
from training.models import (
    DatasetSnapshot,
    SnapshotItem,
)
from training.services import colour_hints, snapshot_selection


@transaction.atomic
def freeze_snapshot(
    *,
    name: str,
    seed: int = 0,
    validation_share: float = 0.2,
    created_by: User | None = None,
    include_clean: bool = True,
) -> DatasetSnapshot:
    """Every photo with an accepted mask, and clean grounds where asked for, as they are now."""
    chosen = snapshot_selection.candidates(include_clean=include_clean)
    if not chosen:
        raise Refused(
            "This would be an empty snapshot: no mask is accepted and no clean photo allowed yet."
        )
    items = snapshot_selection.split(chosen, share=validation_share, seed=seed)
    colour_hints.attach(items)
    snapshot = DatasetSnapshot.objects.create(
        name=name,
        seed=seed,
        validation_share=validation_share,
        digest=snapshot_selection.digest(items),
        created_by=created_by,
    )
    for item in items:
        item.snapshot = snapshot
    SnapshotItem.objects.bulk_create(items)
    return snapshot
