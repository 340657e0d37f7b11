"""What one browser sent: how far each is, how many are ready, and when the last will be."""

from collections.abc import Sequence
from typing import NamedTuple

from config.words.said import Words
from pipeline.models import Restoration
from pipeline.services.progress import estimates, steps

CARDS = 50


class Card(NamedTuple):
    row: Restoration
    left: Words
    percent: int


class Sent(NamedTuple):
    """For `_sent.html`; ``seen`` changes when anything of it does."""

    cards: list[Card]
    ready: int
    waiting: int

    @property
    def title(self) -> str:
        """Empty when nothing is on its way."""
        return f"{self.ready} of {len(self.cards)} ready" if self.waiting else ""

    @property
    def seen(self) -> str:
        said = (f"{each.row.state[:2]}{each.percent}{str(each.left)[-20:]}" for each in self.cards)
        return "-".join(said)


def by(tokens: Sequence[str]) -> Sent:
    """Of one browser's restorations, the latest first."""
    rows = list(of(tokens)[:CARDS]) if tokens else []
    cards = [_card(row) for row in rows]
    ready = sum(row.is_done for row in rows)
    waiting = sum(row.job is not None and not row.job.is_final for row in rows)
    return Sent(cards, ready, waiting)


def of(tokens: Sequence[str]) -> "estimates.Rows":
    return Restoration.objects.with_all().with_made().filter(token__in=tokens)


def _card(row: Restoration) -> Card:
    if row.job is None or row.job.is_final:
        return Card(row, "", 100 if row.is_done else 0)
    return Card(row, steps.left_to_wait(estimates.seconds_left(row)), row.job.percent)
