"""One judgement of one voter, and the reading of judgements from rows of a vote file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

BEST, EQUAL, BOTH_BAD, SKIP, NONE = "best", "equal", "both_bad", "skip", "none"
ROW_OUTCOMES = ("left", "right", EQUAL, BOTH_BAD, SKIP)
ORDINARY, SECOND, AUTOMATIC = "ordinary", "second", "automatic"
REQUIRED = ("left", "right", "outcome")
MOST_OPTIONS = 8


@dataclass(frozen=True)
class Judgement:
    """What one voter was shown, in slot order, and what she chose.

    `best` is the slot of the chosen candidate and is set exactly when the outcome is `BEST`.
    `slots_known` is False where the order on the screen was not recorded. `kind` is of its ballot:
    only ordinary ones move evidence, and automatic ones (equal pictures) were never shown.
    """

    shown: tuple[str, ...]
    outcome: str
    best: int | None = None
    voter: str = ""
    photo: str = ""
    category: str = ""
    slots_known: bool = True
    kind: str = ORDINARY

    @property
    def ranks(self) -> bool:
        """Whether it says which model is stronger: both bad and skips do not."""
        return self.outcome in (BEST, EQUAL)

    @property
    def winner(self) -> str | None:
        """The name that was called best; None where none was."""
        return None if self.best is None else self.shown[self.best]

    @property
    def losers(self) -> tuple[str, ...]:
        """The names that were shown and not called best."""
        return tuple(name for slot, name in enumerate(self.shown) if slot != self.best)

    @property
    def side(self) -> str:
        """The outcome of a pair in words of sides: left, right, equal, both_bad or skip."""
        return self.outcome if self.best is None else ("left", "right")[self.best]


class BadRow(ValueError):
    """A row that cannot be counted, with its number in the file (the header is row 1)."""

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(f"row {row}: {reason}")
        self.row, self.reason = row, reason


def read_rows(rows: Iterable[Mapping[str, str | None]], *, first: int = 2) -> list[Judgement]:
    """Judgements from rows with the columns left, right, outcome.

    Optional columns: voter, photo, category, ballot, options. `options` lists every candidate
    of a best-of-N ballot, joined by `|`; then the outcome is the winner's name or `none`, and
    left and right may be empty (or name two of them, one of which is chosen). Instead,
    `options` may give the number N and the N-1 rows of one ballot its winner against each other
    candidate. Either way the ballot is one choice, not N-1 pairs, and places on the screen are
    unknown: lists are often sorted or begin with the winner. Raises `BadRow`.
    """
    judgements: list[Judgement] = []
    # (voter, ballot): index, first row, promised size
    ballots: dict[tuple[str, str], tuple[int, int, int]] = {}
    for number, row in enumerate(rows, start=first):
        cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        judgement, size = _read_row(number, cells)
        ballot = cells.get("ballot", "")
        key = (judgement.voter, ballot)
        if ballot and key in ballots:
            index, _, _ = ballots[key]
            judgements[index] = _join(number, ballot, judgements[index], judgement)
            continue
        if ballot:
            ballots[key] = (len(judgements), number, size)
        elif size > len(judgement.shown):
            raise BadRow(number, f"options says {size}, and without a ballot the rest is unknown")
        judgements.append(judgement)
    for index, number, size in ballots.values():
        found = judgements[index]
        if size > len(found.shown) and found.best is not None:
            raise BadRow(
                number, f"options says {size}, the ballot shows {len(found.shown)} candidates"
            )
    return judgements


def _read_row(number: int, cells: Mapping[str, str]) -> tuple[Judgement, int]:
    """The judgement of one row, and how many candidates its ballot promises."""
    listed = _listed(number, cells.get("options", ""))
    for column in REQUIRED if listed is None else ("outcome",):
        if not cells.get(column):
            raise BadRow(number, f"{column} is empty")
    left, right, outcome = (cells.get(column, "") for column in REQUIRED)
    if left and left == right:
        raise BadRow(number, f"left and right are both {left!r}")
    shown: tuple[str, ...]
    if listed is None:
        shown, size = (left, right), _promised(number, cells.get("options", ""))
    else:
        shown, size = _of_list(number, listed, left, right), len(listed)
    named = {"left": left, "right": right} if left and right else {}
    outcome, chosen = _outcome(number, outcome, named, shown if listed else ())
    if len(shown) > 2 and outcome == EQUAL:
        raise BadRow(number, "a ballot of more than two candidates has no equal")
    judgement = Judgement(
        shown=shown,
        outcome=outcome,
        best=None if chosen is None else shown.index(chosen),
        voter=cells.get("voter", ""),
        photo=cells.get("photo", ""),
        category=cells.get("category", ""),
        slots_known=len(shown) == 2,
    )
    return judgement, size


def _outcome(
    number: int, word: str, named: Mapping[str, str], listed: Sequence[str]
) -> tuple[str, str | None]:
    """The outcome and who was chosen; where options are listed, the winner may be named."""
    if word in named:
        return BEST, named[word]
    if word in listed:
        return BEST, word
    if word in (EQUAL, BOTH_BAD, SKIP):
        return word, None
    if word == NONE and listed:
        return BOTH_BAD, None
    known = ", ".join(ROW_OUTCOMES)
    more = f", {NONE}, or one of the options {', '.join(listed)}" if listed else ""
    raise BadRow(number, f"outcome {word!r} is not one of {known}{more}")


def _promised(number: int, text: str) -> int:
    if not text:
        return 2
    if not 2 <= int(text) <= MOST_OPTIONS:
        raise BadRow(number, f"options must be 2 to {MOST_OPTIONS}, not {text}")
    return int(text)


def _listed(number: int, text: str) -> tuple[str, ...] | None:
    """The names in `options`, or None where it is empty or a plain number."""
    if not text or text.isdecimal():
        return None
    mark = next((mark for mark in "|;," if mark in text), "|")
    shown = tuple(part.strip() for part in text.split(mark))
    if len(set(shown)) != len(shown) or "" in shown:
        raise BadRow(number, f"options {text!r} repeats a candidate or leaves one empty")
    if not 2 <= len(shown) <= MOST_OPTIONS:
        raise BadRow(number, f"options must name 2 to {MOST_OPTIONS} candidates")
    return shown


def _of_list(number: int, listed: tuple[str, ...], left: str, right: str) -> tuple[str, ...]:
    for name in filter(None, (left, right)):
        if name not in listed:
            raise BadRow(number, f"{name!r} is not among the options {'|'.join(listed)!r}")
    return (left, right) if left and {left, right} == set(listed) else listed


def _join(number: int, ballot: str, known: Judgement, more: Judgement) -> Judgement:
    """Two rows of one ballot as one judgement; they must name the same winner."""
    if (known.winner, known.outcome) != (more.winner, more.outcome):
        raise BadRow(number, f"ballot {ballot!r} already has another outcome")
    if known.outcome == EQUAL:
        raise BadRow(number, f"ballot {ballot!r} is counted already")
    if set(more.shown) == set(known.shown):
        if len(known.shown) == 2:
            raise BadRow(number, f"ballot {ballot!r} is counted already")
        return known
    shown = known.shown + tuple(name for name in more.shown if name not in known.shown)
    best = None if known.winner is None else shown.index(known.winner)
    return replace(known, shown=shown, best=best, slots_known=False)


def names_of(judgements: Sequence[Judgement]) -> tuple[str, ...]:
    """All candidates that were shown, sorted."""
    return tuple(sorted({name for judgement in judgements for name in judgement.shown}))
