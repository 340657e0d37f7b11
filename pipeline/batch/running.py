"""One call over many photographs: what is done already, what is made, what was passed over."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from photos.file_search import Search
from pipeline.batch import files, items, workers
from pipeline.batch import networks as batch_networks
from pipeline.batch.items import (
    DONE,
    FAILED,
    PASSED,
    REFUSED,
    SKIPPED,
    TABLE,
    BatchItem,
    Choices,
    Outcome,
)
from pipeline.batch.written import Written

# Of the disk with the results: with them every further photo would be computed for nothing.
FULL = {os.strerror(each) for each in (errno.ENOSPC, errno.EROFS, errno.EDQUOT)}


class BadTarget(Exception):
    """Nothing can be written where the results are to go; the message is a sentence."""


@dataclass(frozen=True)
class Batch:
    """What is to be done with which photographs."""

    found: Search
    batch: list[BatchItem]
    choices: Choices
    written: Written
    engine: str = "auto"
    workers: int = 0
    again: bool = False
    weights: dict[str, str] = field(default_factory=dict)
    begun: list[BatchItem] = field(default_factory=list)
    """What had to be made, once that is known."""

    def outcomes(self) -> Iterator[Outcome]:
        """Of every file that was found, exactly one each."""
        yield from (Outcome(path, PASSED, {}, said) for path, said in self.found.passed)
        yield from (Outcome(path, REFUSED, {}, said) for path, said in self.found.refused)
        left = []
        for item in self.batch:
            known = None if self.again else self._finished(item)
            if known is None:
                left.append(item)
            else:
                yield Outcome(item.photo, SKIPPED, known, page=item.page)
        self.begun.extend(left)
        for item, answer in self._made(left):
            yield outcome_of(item, answer)

    def untold(self, told: Sequence[Outcome]) -> Iterator[Outcome]:
        """What was finished just when somebody stopped the batch, or another call's since."""
        known = {(outcome.photo, outcome.page) for outcome in told}
        for item in self.begun:
            if (item.photo, item.page) not in known and item.result("json").exists():
                facts = self._finished(item)
                if facts is not None:
                    state = SKIPPED if self.again else DONE
                    yield Outcome(item.photo, state, facts, page=item.page)

    def _finished(self, item: BatchItem) -> dict[str, Any] | None:
        return files.finished(item, self.choices, self.weights, self.written)

    def _made(self, left: Sequence[BatchItem]) -> Iterator[tuple[BatchItem, Any]]:
        """One process of our own for one worker, else as many as share the cores."""
        if not left:
            return
        count = workers.how_many(self.workers, len(left))
        shipped = str(batch_networks.SHIPPED)
        if count > 1:
            threads = max(1, workers.cores() // count)
            order = workers.Order(self.choices, self.engine, shipped, threads, self.written)
            yield from workers.run(left, order, count)
            return
        networks = batch_networks.opened_all(self.engine, shipped)
        for item in left:
            yield item, _one(item, networks, self.choices, self.written)


def _one(item: BatchItem, networks: dict[str, Any], choices: Choices, written: Written) -> Any:
    return workers.answer(lambda: files.restore(item, networks, choices, written))


def outcome_of(item: BatchItem, answer: dict[str, Any] | str) -> Outcome:
    """Raises BadTarget where no further photograph could be written either."""
    if not isinstance(answer, str):
        return Outcome(item.photo, DONE, answer, page=item.page)
    if answer in FULL:
        raise BadTarget(f"The results cannot be written any more: {answer}.")
    if isinstance(answer, workers.PassedOver):
        return Outcome(item.photo, PASSED, {}, answer, item.page)
    state = FAILED if isinstance(answer, workers.Failure) else REFUSED
    return Outcome(item.photo, state, {}, answer, item.page)


def prepare(out: Path, roots: Sequence[Path]) -> None:
    """Makes the folder of the results. Raises BadTarget where they cannot be written there, or
    would lie between the photographs; an earlier call's folder may stand beside other arguments,
    where a shell's pattern puts it.
    """
    if out.exists() and not out.is_dir():
        raise BadTarget("--out is a file; name a folder.")
    is_results = len(roots) > 1 and (out / TABLE).exists()
    if not is_results and any(root.is_dir() and root.resolve() == out.resolve() for root in roots):
        raise BadTarget("--out is the folder of the photographs itself; name one in it or beside.")
    probe = out / f".heirloom-{os.getpid()}{items.PARTIAL}"
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"\0")
    except OSError as error:
        raise BadTarget(f"Nothing can be written to --out: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


def write_table(outcomes: Sequence[Outcome], out: Path) -> str:
    """Writes summary.csv; answers why it could not, or nothing."""
    try:
        items.write_table(outcomes, out / TABLE)
    except OSError as error:
        return f"{TABLE} could not be written: {error.strerror}."
    return ""
