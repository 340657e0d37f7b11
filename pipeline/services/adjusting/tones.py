"""Further pictures of a restoration with their tones: which, by what strength, kept and found."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from config.errors import Refused
from jobs.models import Queue
from photos.models import Blob
from pipeline import services
from pipeline.engine.tones import TONES
from pipeline.engine.tones.measuring import Tones
from pipeline.models import Rendition, Restoration, RestorationSettings, TonedPicture
from pipeline.models.tone_choice import AUTO, ToneChoice
from pipeline.services import corrections
from pipeline.services.render_plan import COLOURED

SUFFIX = "_toned"
Kind = Rendition.Kind


@dataclass(frozen=True)
class Order:
    """How one rendition's tones are to be drawn."""

    rendition: Rendition
    strength: float
    by_luma: bool
    """Chroma stays: a network gave it, or a sepia is kept."""

    @property
    def recipe(self) -> str:
        facts = {"tones": TONES, "of": self.rendition.recipe, "by_luma": self.by_luma}
        facts["strength"] = f"{self.strength:.3f}"
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def measured(reports: Mapping[str, Mapping[str, Any]]) -> Tones | None:
    """Of the renditions' reports by kind; None of one that an earlier release made."""
    kept = reports.get(str(Kind.INPAINTED), {}).get("tones")
    return Tones.from_json(kept) if kept else None


def of(row: Restoration) -> Tones | None:
    return measured({made.kind: made.report for made in row.made})


def strength(tones: Tones, chosen: RestorationSettings) -> float:
    """0 where tones are off, or asked to see for themselves and fine already."""
    if chosen.tones == AUTO:
        return tones.auto(chosen.keep_sepia)
    return chosen.tones or 0.0


def orders(
    made: Mapping[str, Rendition], tones: Tones | None, chosen: RestorationSettings
) -> list[Order]:
    """What is to be drawn of these renditions; nothing where nothing would change."""
    wanted = strength(tones, chosen) if tones else 0.0
    if not wanted or tones is None:
        return []
    sepia = chosen.keep_sepia and tones.grey
    return [
        Order(rendition, wanted, by_luma=sepia or kind in COLOURED)
        for kind, rendition in made.items()
        if kind != Kind.MASK
    ]


def found(order: Order) -> TonedPicture | None:
    kept = TonedPicture.objects.filter(rendition=order.rendition, recipe=order.recipe)
    return kept.select_related("image", "jpeg").first()


def keep(order: Order, image: Blob, jpeg: Blob) -> TonedPicture:
    """The row of a finished picture; waits for whoever erases the photo, and refuses then."""
    order.rendition.photo.hold_unerased()
    row, _ = TonedPicture.objects.get_or_create(
        rendition=order.rendition, recipe=order.recipe, defaults={"image": image, "jpeg": jpeg}
    )
    return row


def pictures(row: Restoration) -> list[tuple[Rendition, TonedPicture]]:
    """The toned pictures of a finished restoration, in the order of its results."""
    by_kind = {str(made.kind): made for made in row.results}
    pairs = [(order.rendition, found(order)) for order in orders(by_kind, of(row), row.chosen)]
    return [(rendition, kept) for rendition, kept in pairs if kept is not None]


def picture(row: Restoration, kind: str) -> TonedPicture | None:
    """Of a kind as addresses name it, with SUFFIX."""
    for rendition, kept in pictures(row):
        if f"{rendition.kind}{SUFFIX}" == kind:
            return kept
    return None


def told(row: Restoration) -> dict[str, Any] | None:
    """For the API and the page: what was measured, what was asked, and how far it went."""
    tones = of(row) if row.is_done else None
    if tones is None:
        return None
    chosen = row.chosen
    return {
        "asked": chosen.tones,
        "keep_sepia": chosen.keep_sepia,
        "strength": strength(tones, chosen),
        "fine": tones.auto(chosen.keep_sepia) == 0,
        "faded": tones.faded,
        "tinted": tones.tinted,
        "grey": tones.grey,
        "black": tones.black,
        "white": tones.white,
        "tint": tones.tint,
    }


def shown(row: Restoration) -> dict[str, Any]:
    """For the result page: `tones` (what is told, and `curves` as JSON for the live look) and
    `toned` (renditions with their pictures)."""
    tones, known = of(row), told(row)
    if tones is None or known is None:
        return {"tones": None, "toned": []}
    curves = json.dumps({name: getattr(tones, name) for name in ("luma", "channels", "grey")})
    suits = tones.auto(known["keep_sepia"])
    return {"tones": {**known, "curves": curves, "suits": suits}, "toned": pictures(row)}


@transaction.atomic
def tone_later(row: Restoration, choice: ToneChoice, *, keep_sepia: bool) -> Restoration:
    """The next version: the same pictures by the same mask, with these tones beside them."""
    if not row.is_done:
        raise Refused("Wait until this restoration is done, then choose its tones.")
    return services.restore_differently_later(
        row,
        tones=choice,
        keep_sepia=keep_sepia,
        correction=corrections.of(row),
        queue=services.quick_or(Queue.INTERACTIVE, row.photo),
    )
