"""What the quality page says: rows of masks and agreements turned into means with intervals."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from annotate.models import Agreement, DefectMask, Purpose
from annotate.quality.quality_metrics import SIZES, Mean, difference, mean_of
from annotate.services.quality_page.quality_rows import Judged, Painted
from photos.masks.classes import CLASSES, DEFECTS

Rng = np.random.Generator
Rows = list[Painted]
Agreements = list[Judged]
FIGURES = ("tolerant_f1", "dice", "cl_dice", "component_recall")


def agreement_table(agreements: Agreements, rng: Rng) -> list[dict[str, Any]]:
    """People against each other, and below them each network against people, the newest first.

    A network is judged by masks from after its time, so that it never learned from them; the
    masks of painters who saw its suggestion stand apart, because they lean towards it.
    """
    people = [row for row in agreements if row.kind == Agreement.Kind.PEOPLE]
    table = [_line("people, against each other", people, rng)]
    networks: dict[tuple[str, bool], Agreements] = defaultdict(list)
    for row in agreements:
        if row.kind == Agreement.Kind.NETWORK:
            networks[row.weights, bool(row.suggestion_weights)].append(row)
    for (weights, saw), rows in networks.items():
        how = "by people who saw its suggestion" if saw else "by people who did not see it"
        table.append(_line(f"network {weights[:8]}, {how}", rows, rng))
    return [line for line in table if line["count"]]


def _line(name: str, rows: Agreements, rng: Rng) -> dict[str, Any]:
    figures = {figure: mean_of(values(rows, figure), rng) for figure in FIGURES}
    return {"name": name, "count": len(rows), "sizes": by_size(rows), **figures}


def values(agreements: Iterable[Judged], name: str) -> list[float]:
    found = [getattr(agreement, name) for agreement in agreements]
    return [value for value in found if value is not None]


def by_size(agreements: Agreements) -> list[tuple[str, int, int]]:
    """(size, parts met, of) over all pairs."""
    sums = {size: [0, 0] for size in SIZES}
    for agreement in agreements:
        for size, (met, of) in agreement.parts.items():
            if size in sums:
                sums[size][0] += met
                sums[size][1] += of
    return [(size, met, of) for size, (met, of) in sums.items()]


def people(masks: Rows, agreements: Agreements, rng: Rng) -> list[dict[str, Any]]:
    """One row a person: what was handed in, how fast, how alike to others and to known truth."""
    own: dict[tuple[str, int], Rows] = defaultdict(list)
    for mask in masks:
        own[mask.author, mask.author_id].append(mask)
    alike: dict[int | None, Agreements] = defaultdict(list)
    tested: dict[int | None, Agreements] = defaultdict(list)
    for row in agreements:
        if row.kind == Agreement.Kind.PEOPLE:
            for author in {row.first_author, row.second_author}:
                alike[author].append(row)
        elif row.kind == Agreement.Kind.HONEYPOT:
            tested[row.second_author].append(row)
    return [_person(name, own[name, pk], alike[pk], tested[pk], rng) for name, pk in sorted(own)]


def _person(
    name: str, own: Rows, alike: Agreements, tested: Agreements, rng: Rng
) -> dict[str, Any]:
    return {
        "author": name,
        "handed_in": len(own),
        "accepted": sum(mask.state == DefectMask.State.ACCEPTED for mask in own),
        "returned": sum(mask.returns for mask in own),
        "pace": mean_of([pace(mask) for mask in own], rng),
        "alike": mean_of(values(alike, "tolerant_f1"), rng),
        "tested": mean_of(values(tested, "tolerant_f1"), rng),
        "found": mean_of(values(tested, "component_recall"), rng),
    }


def split_arms(masks: Rows) -> tuple[Rows, Rows]:
    """(shown a suggestion, drawn to see none although there was one).

    Repairs and photos that had no suggestion yet belong to neither: they differ in more.
    """
    work = [mask for mask in masks if mask.purpose == Purpose.WORK]
    shown = [mask for mask in work if mask.suggestion_weights]
    return shown, [mask for mask in work if not mask.with_suggestion and mask.could_be_shown]


def arms(masks: Rows, agreements: Agreements, rng: Rng) -> list[dict[str, Any]]:
    """Both arms, and the first less the second with its interval."""
    shown, control = split_arms(masks)
    columns: dict[str, Callable[[Rows], list[float]]] = {
        "pace": lambda rows: [pace(mask) for mask in rows],
        "painted": lambda rows: [100 * share(mask) for mask in rows],
        "recall": lambda rows: _recall_of(rows, agreements),
    }
    lines = [("with a suggestion", shown), ("without, by draw", control)]
    table: list[dict[str, Any]] = [
        {"name": name, "count": len(rows)}
        | {column: mean_of(of(rows), rng) for column, of in columns.items()}
        for name, rows in lines
    ]
    apart = {column: difference(of(shown), of(control), rng) for column, of in columns.items()}
    return [*table, {"name": "difference", "count": None, **apart}]


def _recall_of(masks: Rows, agreements: Agreements) -> list[float]:
    """Parts of other people's masks, or of a known truth, that these masks met."""
    wanted = {mask.pk for mask in masks}
    rows = [row for row in agreements if row.first_id and row.second_id in wanted]
    return values(rows, "component_recall")


def minutes_saved(masks: Rows, rng: Rng) -> Mean | None:
    """The megapixels painted with a suggestion, times the extra time that the control takes."""
    shown, control = split_arms(masks)
    gap = difference([pace(mask) for mask in control], [pace(mask) for mask in shown], rng)
    if gap is None:
        return None
    area = sum(mask.megapixels for mask in shown)
    low, high = (None if end is None else end * area for end in (gap.low, gap.high))
    return Mean(gap.count, gap.value * area, low, high)


def tools(masks: Rows) -> list[dict[str, Any]]:
    """Active time by tool over all masks, the most used first."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for mask in masks:
        for name, said in mask.tools.items():
            if isinstance(said, dict):
                row = sums[name]
                row[0] += 1
                row[1] += _number(said.get("actions"))
                row[2] += _number(said.get("seconds"))
    area = sum(mask.megapixels for mask in masks)
    return [
        {
            "name": name,
            "masks": int(count),
            "actions": int(actions),
            "minutes": seconds / 60,
            "pace": seconds / 60 / area if area else 0.0,
            "each": seconds / actions if actions else None,
        }
        for name, (count, actions, seconds) in sorted(sums.items(), key=lambda item: -item[1][2])
    ]


def _number(value: object) -> float:
    """What a painter's page sent is not trusted to be a number."""
    return float(value) if isinstance(value, int | float) and value >= 0 else 0.0


def pace(mask: Painted) -> float:
    return minutes_a_megapixel(mask.active_seconds, mask.megapixels)


def minutes_a_megapixel(seconds: float, megapixels: float) -> float:
    return seconds / 60 / max(megapixels, 1e-6)


def share(mask: Painted) -> float:
    """Painted pixels over all pixels; classes may overlap, so this is an upper bound."""
    painted: int = sum(mask.areas.get(name, 0) for name, bit in CLASSES.items() if bit & DEFECTS)
    return painted / max(1, mask.width * mask.height)
