"""What loops ask for samples, and which of the two ways of drawing them a run takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Protocol, TypeVar

from training.trainers.feeding.prefetch import Ahead
from training.trainers.feeding.workers import Workers

Sample = TypeVar("Sample")


class Feed(Protocol[Sample]):
    """Samples by number; those that follow may be begun. Left like a file: with `with`."""

    def take(self, numbers: Iterable[int], following: Iterable[int] = ()) -> list[Sample]: ...

    def __enter__(self) -> Feed[Sample]: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def feed(
    make: Callable[[int], Sample], parts: Callable[[], Iterator[list[int]]], workers: int
) -> Feed[Sample]:
    """A thread beside the loop, or so many worker processes that know all `parts` to come."""
    return Workers(make, parts(), workers) if workers else Ahead(make)
