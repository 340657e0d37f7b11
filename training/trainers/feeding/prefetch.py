"""The next batch is drawn while this one is learnt from: a thread beside the loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, TypeVar

Sample = TypeVar("Sample")


class Ahead(Generic[Sample]):
    """`take(numbers)` gives the samples of these numbers and starts on those that follow.

    `make(n)` must depend on n alone: what is drawn early is what would have been drawn late.
    numpy and OpenCV let go of the interpreter while they work, and so does torch.
    """

    def __init__(self, make: Callable[[int], Sample]) -> None:
        self.make = make
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="samples")
        self.waiting: dict[int, Future[Sample]] = {}

    def __enter__(self) -> Ahead[Sample]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.thread.shutdown(wait=True, cancel_futures=True)

    def take(self, numbers: Iterable[int], following: Iterable[int] = ()) -> list[Sample]:
        """The samples of `numbers`; those of `following` are begun. Raises what `make` raised."""
        asked = list(numbers)
        for number in [*asked, *following]:
            if number not in self.waiting:
                self.waiting[number] = self.thread.submit(self.make, number)
        return [self.waiting.pop(number).result() for number in asked]
