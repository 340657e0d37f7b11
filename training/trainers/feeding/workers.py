"""Worker processes that draw samples: `torch.utils.data` with the numbers a loop will ask for.

A sample depends on its number alone (seed, n), so that who draws it, and how far ahead, changes
nothing: a run with workers equals one without to the bit, and a resumed one an unbroken one.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from math import ceil
from types import TracebackType
from typing import Any, Generic, TypeVar

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

Sample = TypeVar("Sample")
AHEAD = 4  # parts that each worker draws in advance, at least
LEAST_AHEAD = 24  # samples: some take ten times as long as others, and few of them even out less
Packed = tuple[list[int], list[Any]]


class _Numbered(Dataset[Any]):
    """The n-th sample under its number."""

    def __init__(self, make: Callable[[int], Any]) -> None:
        self.make = make

    def __getitem__(self, number: int) -> tuple[int, Any]:
        return number, self.make(number)


class Workers(Generic[Sample]):
    """`take` as `Ahead` has it, from processes that follow `parts`, in order.

    `parts` are the numbers of every `take` to come. Pictures travel in shared memory, one piece a
    part and not one a picture: cards with hundreds of crops a step would run out of handles.
    """

    def __init__(
        self, make: Callable[[int], Sample], parts: Iterator[list[int]], count: int
    ) -> None:
        if count < 1:
            raise ValueError(f"at least one worker must draw, not {count}")
        first = next(parts, [])
        self.loader: Any = DataLoader(
            _Numbered(make),
            batch_sampler=chain([first], parts) if first else (),
            num_workers=count,
            prefetch_factor=max(AHEAD, ceil(LEAST_AHEAD / max(1, len(first)))),
            collate_fn=_packed,
            worker_init_fn=_begin,
            multiprocessing_context="fork",  # the pool's pictures and closures go along
            generator=torch.Generator(),  # the loop's own random state must not move
        )
        self.coming: Iterator[Packed] | None = None

    def __enter__(self) -> Workers[Sample]:
        threads = cv2.getNumThreads()
        cv2.setNumThreads(1)  # ends OpenCV's threads: a fork would wait for them for ever
        self.coming = iter(self.loader)
        cv2.setNumThreads(threads)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stop = getattr(self.coming, "_shutdown_workers", None)
        if stop:
            stop()  # at once, and not whenever the iterator is collected
        self.coming = None

    def take(self, numbers: Iterable[int], following: Iterable[int] = ()) -> list[Sample]:
        """The samples of the next part, which must be that of `numbers`.

        Raises RuntimeError where the loop asks for others, and what `make` raised.
        """
        asked = list(numbers)
        if not asked:
            return []
        if self.coming is None:
            raise RuntimeError("workers draw only inside a `with`")
        drawn, columns = next(self.coming)
        if drawn != asked:
            raise RuntimeError(f"the workers drew {drawn[:3]} where {asked[:3]} were asked for")
        return _unpacked(columns)


def _begin(_number: int) -> None:
    """The signals that stop a run are the loop's to heed."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _packed(numbered: list[tuple[int, Any]]) -> Packed:
    """Numbers, and the samples by columns: pictures of one shape as one tensor."""
    columns = zip(*(sample for _, sample in numbered), strict=True)
    return [number for number, _ in numbered], [_column(list(column)) for column in columns]


def _column(values: list[Any]) -> Any:
    if not all(isinstance(value, np.ndarray) for value in values):
        return values
    return torch.from_numpy(np.stack(values))


def _unpacked(columns: list[Any]) -> list[Any]:
    """Samples again, their pictures views of the shared memory."""
    plain = [c.numpy() if isinstance(c, torch.Tensor) else c for c in columns]
    return list(zip(*plain, strict=True))
