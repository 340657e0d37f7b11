"""A finished mask held against other people's, a known truth, and the network's suggestion."""

import math
from typing import Any, cast
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from annotate.models import Agreement, DefectMask, Purpose, Suggestion
from annotate.quality.quality_metrics import parts_by_size
from annotate.services.mask_storage import read_mask
from config.words.said import said
from jobs.job_context import Precedence, Work
from jobs.job_functions import job
from jobs.models import Queue
from photos import storage
from photos.decoding import scans
from photos.masks.arrays import Mask
from photos.masks.classes import DEFECTS, IGNORE
from photos.masks.metrics import agreement
from photos.models import Blob

COMPARED = (DefectMask.State.SUBMITTED, DefectMask.State.ACCEPTED)
Kind = Agreement.Kind


def compare_later(mask: DefectMask) -> None:
    """Queues the comparison where there is anything to compare with."""
    if truth_of(mask) or others(mask).exists() or known_before(mask):
        comparison = compare_masks.using(
            title=said("job.compare-masks", photo=mask.photo.name_in_logs)
        )
        comparison.later(mask_id=str(mask.pk))


@job(Precedence.UPKEEP, queue=Queue.MAINTENANCE)
def compare_masks(work: Work, mask_id: str) -> None:
    mask = DefectMask.objects.filter(pk=UUID(mask_id)).first()
    if mask is not None and mask.state in COMPARED:  # it may have been returned meanwhile
        agreements_of(mask)


def agreements_of(mask: DefectMask) -> list[Agreement]:
    """Every agreement of a finished mask; a honeypot's is compared with its truth alone."""
    pixels = read_mask(mask)
    if truth := truth_of(mask):
        facts = {"kind": Kind.HONEYPOT, "first": truth, "digests": f"{truth.digest}:{mask.digest}"}
        return [_keep(mask, pixels, read_mask(truth), **facts)]
    rows = [
        _keep(mask, pixels, read_mask(other), first=other, digests=f"{other.digest}:{mask.digest}")
        for other in others(mask)
    ]
    if suggestion := known_before(mask):
        rows.append(_judge_network(suggestion, mask, pixels))
    return rows


def others(mask: DefectMask) -> QuerySet[DefectMask]:
    """Other people's finished masks of the photo, that were painted to be used."""
    rows = mask.photo.masks.filter(state__in=COMPARED, author__isnull=False).wanted()
    return rows.exclude(author=mask.author).exclude(origin=DefectMask.Origin.SYNTHETIC)


def truth_of(mask: DefectMask) -> DefectMask | None:
    return mask.assignment.truth if mask.assignment else None


def known_before(mask: DefectMask) -> Suggestion | None:
    """The network's word on the photo from before the mask was handed in.

    Such a network cannot have learned from this mask, so the mask may judge it. A repair began
    with somebody's mask and says nothing new.
    """
    work = mask.assignment is not None and mask.assignment.purpose == Purpose.WORK
    if not work or mask.submitted_at is None:
        return None
    rows = mask.photo.suggestions.filter(created_at__lt=mask.submitted_at)
    return rows.filter(probability__isnull=False).first()


def _judge_network(suggestion: Suggestion, mask: DefectMask, pixels: Mask) -> Agreement:
    """Here the network is what is judged, and the mask what it is judged by."""
    levels = scans.read_png(storage.read(cast(Blob, suggestion.probability)))
    found = (levels >= 255 * suggestion.threshold).astype(np.uint8)
    facts = {"first": None, "weights": suggestion.weights}
    facts["digests"] = f"{suggestion.weights[:64]}:{mask.digest}"
    return _keep(mask, found, pixels, kind=Kind.NETWORK, **facts)


def _keep(mask: DefectMask, judged: Mask, truth: Mask, **which: Any) -> Agreement:
    figures = agreement(judged, truth)
    counted = ((judged | truth) & IGNORE) == 0
    recall = figures.component_recall
    key = {"second": mask, "first": which.pop("first"), "digests": which.pop("digests")}
    row, _ = Agreement.objects.update_or_create(
        **key,
        defaults={
            **which,
            "photo": mask.photo,
            "dice": figures.dice,
            "tolerant_f1": figures.tolerant_f1,
            "cl_dice": figures.cl_dice,
            "component_recall": None if math.isnan(recall) else recall,
            "parts": parts_by_size(
                (judged & DEFECTS != 0) & counted, (truth & DEFECTS != 0) & counted
            ),
        },
    )
    return row
