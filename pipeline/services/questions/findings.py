"""What the result page tells of a restoration: found, left, asked, and how it differs."""

from collections.abc import Sequence
from typing import TypedDict

from config.words.said import Said, Words
from pipeline.models import Restoration, RestorationSettings
from pipeline.models.tone_choice import AUTO
from pipeline.services import result_context
from pipeline.services.questions import answers
from pipeline.services.result_context import Proposal

# The words of the owner's painter, with the names of the stylesheet's colours.
CLASSES = {
    "fracture": "cracks and scratches",
    "scuff": "stains and scuffs",
    "hole": "missing pieces",
}
MIN_SHARE = 0.005  # of what was filled: below it would read 0 %
MIN_CROP_PX = 120  # px of the photo shown around a question


class Legend(TypedDict):
    name: str
    words: str
    percent: float


class Question(Proposal):
    """`view` is an SVG's: without script it shows the place."""

    view: str


class Told(TypedDict):
    """`notes` are the warnings without the sentence that the questions say themselves; `no_colour`
    is the reason, or nothing; `beyond` counts what was left without a question."""

    legend: list[Legend]
    questions: list[Question]
    beyond: int
    notes: list[Words]
    no_colour: Words
    foreseen: bool


def told(row: Restoration) -> Told:
    """For the templates."""
    facts = result_context.facts(row)
    beyond = _beyond(row)
    return {
        "legend": legend(facts["shares"]),
        "questions": [asked(each) for each in answers.asked_by(row)],
        "beyond": beyond,
        "notes": [each for each in facts["warnings"] if not _of_beyond(each, beyond)],
        "no_colour": next(iter(facts["skipped"].values()), ""),
        "foreseen": bool(row.mask and row.mask.foreseen_id),
    }


def legend(shares: dict[str, float]) -> list[Legend]:
    """Each class that was filled with its percentage of all that was, from half a percent on."""
    whole = sum(shares.values())
    return [
        {"name": name, "words": words, "percent": 100 * shares[name] / whole}
        for name, words in CLASSES.items()
        if whole and shares.get(name, 0.0) / whole >= MIN_SHARE
    ]


def asked(proposal: Proposal) -> Question:
    """A question with the part of the picture around it."""
    side = 2 * max(proposal["width"], proposal["height"], MIN_CROP_PX // 2)
    left = proposal["x"] + (proposal["width"] - side) // 2
    top = proposal["y"] + (proposal["height"] - side) // 2
    return {**proposal, "view": f"{left} {top} {side} {side}"}


def _beyond(row: Restoration) -> int:
    return int(row.mask.report.get("beyond", 0)) if row.mask else 0


def _of_beyond(warning: Words, count: int) -> bool:
    if isinstance(warning, Said):
        return warning.code == "engine.beyond"
    return bool(count) and warning.startswith(f"{count} more marks were left")  # older releases'


def named(versions: Sequence[Restoration]) -> list[tuple[Restoration, str]]:
    """Each version with what differs from the one it was made of; the first with its strength."""
    known = {row.pk: row for row in versions}
    before = [known.get(row.earlier_id) if row.earlier_id else None for row in versions]
    return [(row, _name(row, other)) for row, other in zip(versions, before, strict=True)]


def _name(row: Restoration, before: Restoration | None) -> str:
    if made := _made_by_hand(row, before):
        return made
    said = _choices(row)
    if before is not None and before.colours and not row.colours:
        return "the network's colours"
    if before is None:
        return ", ".join(word for word in said.values() if word)
    changed = _choices(before)
    differing = [word or UNDONE[name] for name, word in said.items() if word != changed[name]]
    if before.corrected_id and not row.corrected_id:
        differing.append("without your mask")
    # Answers bring the network's mask back: a mask beside which nothing differs was sent twice.
    return ", ".join(differing) or ("the same mask" if row.corrected_id else "your answers")


def _made_by_hand(row: Restoration, before: Restoration | None) -> str:
    """What its owner drew for this version; a mask and colours that were passed on name nothing."""
    if row.corrected_id and (before is None or row.corrected_id != before.corrected_id):
        return "your mask"
    if row.colours and (before is None or row.colours != before.colours):
        return "your colours"
    return ""


UNDONE = {"careful": "one look", "colourise": "its own colour", "strength": ""}
UNDONE |= {"tones": "tones as they were"}


def _choices(row: Restoration) -> dict[str, str]:
    chosen = row.chosen
    return {
        "strength": f"strength {chosen.strength:.2f}",
        "careful": "two looks" if chosen.careful else "",
        "colourise": "coloured anyway" if chosen.colourise else "",
        "tones": _tones(chosen),
    }


def _tones(chosen: RestorationSettings) -> str:
    if chosen.tones is None:
        return ""
    said = "tones" if chosen.tones == AUTO else f"tones {float(chosen.tones):.2f}"
    return f"{said}, sepia kept" if chosen.keep_sepia else said
