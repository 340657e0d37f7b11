"""What whoever watches a batch is told: a line that moves, plain lines, or JSON for programs."""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import IO, Any

from config.words import wall
from pipeline.batch.items import DONE, FAILED, PASSED, REFUSED, SKIPPED, Outcome, as_lines, in_words

WIDTH = 24  # columns of the bar
TABLE_LINES = 200  # more belong into summary.csv alone


class Reporter:
    """One plain line a photograph; reasons go to standard error."""

    def __init__(
        self,
        out: IO[str],
        errors: IO[str],
        total: int,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.out, self.errors, self.total = out, errors, total
        self.clock, self.start = clock, clock()
        self.ended = Counter[str]()

    def tell(self, outcome: Outcome) -> None:
        """Of one file, when it has ended."""
        self.ended[outcome.state] += 1
        bad = outcome.state in (REFUSED, FAILED)
        if bad:
            _write(self.errors, f"{outcome.shown}: {outcome.said}")
        elif outcome.state != PASSED:
            self.line(f"{outcome.shown}: {outcome.state}")
        if outcome.facts.get("settings", {}).get("ask") == "list":
            for each in outcome.facts.get("proposals", []):
                self.line(f"  {each['number']} {each['id']}: {wall.in_words(each['sentence'])}")

    def line(self, text: str) -> None:
        _write(self.out, text)

    def end(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        """The table, where it can be read, and its last line."""
        if 1 < len(outcomes) <= TABLE_LINES:
            self.line("\n".join(as_lines(outcomes)))
        self.line(in_words(outcomes, seconds))

    def pace(self) -> tuple[int, float, float]:
        """(photographs that ended, how many a minute are made, seconds left)."""
        made = self.ended[DONE] + self.ended[REFUSED] + self.ended[FAILED]
        gone = made + self.ended[SKIPPED]
        passed = self.clock() - self.start
        rate = made / passed if made and passed > 0 else 0.0
        return gone, 60 * rate, (self.total - gone) / rate if rate else 0.0


class Terminal(Reporter):
    """The same lines above one that moves: how far, how fast, how long still."""

    def tell(self, outcome: Outcome) -> None:
        self.out.write("\r\x1b[K")
        super().tell(outcome)
        self.draw()

    def draw(self) -> None:
        gone, rate, left = self.pace()
        full = round(WIDTH * gone / self.total) if self.total else WIDTH
        told = f", {rate:.1f} a minute, {_in_words(left)} left" if rate else ""
        bar = "#" * full + "-" * (WIDTH - full)
        self.out.write(f"\r\x1b[K[{bar}] {gone} of {self.total}{told}")
        self.out.flush()

    def end(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        self.out.write("\r\x1b[K")
        super().end(outcomes, seconds)


class JsonLines(Reporter):
    """An object a line: each file as it ends, the sum at the end; nothing else."""

    def tell(self, outcome: Outcome) -> None:
        self.ended[outcome.state] += 1
        gone, _, left = self.pace()
        facts: dict[str, Any] = {
            "photo": outcome.shown,
            "state": outcome.state,
            "said": outcome.said,
        }
        facts |= {"facts": outcome.facts} if outcome.facts else {}
        self.object({**facts, "ended": gone, "of": self.total, "seconds_left": round(left, 1)})

    def end(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        counts = Counter(outcome.state for outcome in outcomes)
        self.object({"summary": dict(counts), "seconds": round(seconds, 1)})

    def object(self, facts: dict[str, Any]) -> None:
        _write(self.out, json.dumps(facts, ensure_ascii=True))


def reporter(out: IO[str], errors: IO[str], total: int, *, json_lines: bool) -> Reporter:
    """By what is asked for and where it goes."""
    if json_lines:
        return JsonLines(out, errors, total)
    on_terminal = bool(getattr(out, "isatty", lambda: False)())
    return Terminal(out, errors, total) if on_terminal else Reporter(out, errors, total)


def _in_words(seconds: float) -> str:
    minutes, hours = round(seconds / 60), seconds / 3600
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{hours:.1f} h"


def _write(stream: IO[str], text: str) -> None:
    """A line; letters that the stream's encoding lacks become escapes."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
