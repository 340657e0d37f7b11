"""The decision of a closed study with its types: read from its JSON, and written back as it was."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from config.errors import Refused
from evaluation.statistics.promotion_checks import Guard


@dataclass(frozen=True)
class Decision:
    """Under code names, as it is stored and exported."""

    winner: str | None
    promotable: bool
    """There is a winner, and every guard has passed."""
    guards: tuple[Guard, ...]
    reasons: tuple[Any, ...]
    """As `config.words.said` reads them, the verdict last; sentences from older releases."""
    figures: Mapping[str, Any]
    """Every number behind it, by name, as `statistics.verdict` and `statistics.tally` give them."""
    closed_by: str | None = None
    last_hash: str = ""

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Raises Refused, in a sentence, on what is no decision."""
        figures = dict(kept)
        try:
            found = cls(
                winner=figures.pop("winner"),
                promotable=figures.pop("promotable"),
                guards=tuple(Guard(**guard) for guard in figures.pop("guards")),
                reasons=tuple(figures.pop("reasons")),
                closed_by=figures.pop("closed_by", None),
                last_hash=figures.pop("last_hash", ""),
                figures=figures,
            )
        except (KeyError, TypeError) as error:
            raise Refused(f"This is not the decision of a study: {error}.") from error
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            **self.figures,
            "winner": self.winner,
            "promotable": self.promotable,
            "guards": [asdict(guard) for guard in self.guards],
            "reasons": list(self.reasons),
            "closed_by": self.closed_by,
            "last_hash": self.last_hash,
        }

    @property
    def failed(self) -> Guard:
        """The first guard that blocks the promotion of the winner."""
        return next(guard for guard in self.guards if not guard.passed)


def decision_of(kept: Mapping[str, Any]) -> Decision | None:
    """None while a study has none."""
    return Decision.from_json(kept) if kept else None
