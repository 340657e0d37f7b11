"""The parent of the child that runs a stranger's graph: starts it, watches the clock, reads it.

Nothing that the child says is believed: its line is short, its shape is checked by the caller, and
it is killed when its time is over.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.words.pairs import is_said
from config.words.said import Said, Words, read, said
from training.foreign.adapters import Adapter
from training.foreign.limits import MOST_BYTES, GraphError, RunLimits

ROOT = Path(__file__).resolve().parents[2]
QUIET = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
LONGEST_LINE = 64 * 1024
LONGEST_REASON = 2000
MOST_VALUES = 2**28  # of one answer: a gigabyte
START_SECONDS = 60  # of the wall, for Python and ONNX Runtime themselves
Array = NDArray[np.float32]


def examine(path: Path, adapter: Adapter, whole: Path, limits: RunLimits) -> dict[str, Any]:
    """What the child says of a graph file; the graph is written whole. Raises GraphError."""
    child = Child(limits)
    order = {"examine": str(path.absolute()), "whole": str(whole), "adapter": dict(adapter.table)}
    try:
        told = child.ask(order | {"writes": MOST_BYTES + 2**20}, limits.seconds + START_SECONDS)
    finally:
        child.end()
    facts = told.get("facts")
    if not isinstance(facts, dict):
        raise GraphError(child.died())
    return facts


class GraphProcess:
    """A graph in its child, which is started at the first run and again when it has ended."""

    def __init__(self, model: Path, limits: RunLimits) -> None:
        self.model, self.limits = model, limits
        self.peak = 0
        """The most bytes that the child has held so far."""
        self._child: Child | None = None

    def run(self, feeds: Mapping[str, Array], output: str) -> Array:
        """The output's array for float32 inputs by name. Raises GraphError."""
        child = self._ready()
        inputs = [[name, list(array.shape)] for name, array in feeds.items()]
        data = b"".join(
            np.ascontiguousarray(array, np.float32).tobytes() for array in feeds.values()
        )
        try:
            told = child.ask({"inputs": inputs, "output": output}, self.limits.seconds, data)
            shape: Any = told.get("shape")
            if not _is_shape(shape):
                raise GraphError(said("graph.answers-more"))
            values = np.frombuffer(
                child.read(4 * int(np.prod(shape)), self.limits.seconds), np.float32
            )
        except GraphError:
            self.close()
            raise
        self.peak = max(self.peak, int(told.get("peak", 0)))
        return values.reshape(shape)

    def close(self) -> None:
        """Ends the child, if there is one; the next run starts another."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _ready(self) -> Child:
        if self._child is not None and self._child.is_alive:
            return self._child
        self.close()
        child = Child(self.limits)
        try:
            child.ask({"model": str(self.model)}, self.limits.seconds + START_SECONDS)
        except GraphError:
            child.end()
            raise
        self._child = child
        return child


def _refusal(told: Any) -> Words:
    """What the child says is shown, and bounded: it may have been taken over."""
    short = len(json.dumps(told)) <= LONGEST_REASON
    return read(told) if short and is_said(told) else str(told)[:500]


def _is_shape(shape: Any) -> bool:
    plain = isinstance(shape, list) and len(shape) == 4
    sides = plain and all(isinstance(side, int) and 0 < side <= 2**20 for side in shape)
    return bool(sides) and int(np.prod(np.array(shape, object))) <= MOST_VALUES


class Child:
    """One process; its first order carries the limits."""

    def __init__(self, limits: RunLimits) -> None:
        self.limits, self.fresh = limits, True
        self.process = subprocess.Popen(
            [sys.executable, "-m", "training.foreign.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=QUIET,
            bufsize=0,
        )
        assert self.process.stdin and self.process.stdout  # noqa: S101 - narrows the types
        self.orders, self.answers = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self.orders, False)

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, order: dict[str, Any], seconds: float, data: bytes = b"") -> dict[str, Any]:
        """The line that answers an order. Raises GraphError with the child's own sentence too."""
        if self.fresh:
            order = {"limits": asdict(self.limits), **order}
            self.fresh = False
        until = time.monotonic() + seconds
        self._write(json.dumps(order).encode() + b"\n" + data, until)
        told = json.loads(self._line(until) or "{}")
        if not isinstance(told, dict):
            raise GraphError(self.died())
        if "refused" in told:
            raise GraphError(_refusal(told["refused"]))
        return told

    def read(self, count: int, seconds: float) -> bytearray:
        """So many bytes of its answer. Raises GraphError."""
        until = time.monotonic() + seconds
        found = bytearray()
        while len(found) < count:
            found += self._some(min(2**20, count - len(found)), until)
        return found

    def _line(self, until: float) -> str:
        found = bytearray()
        while not found.endswith(b"\n"):
            found += self._some(1, until)
            if len(found) > LONGEST_LINE:
                raise GraphError(self.died())
        return found.decode("utf-8", "replace")

    def _some(self, count: int, until: float) -> bytes:
        left = until - time.monotonic()
        if left <= 0 or not select.select([self.answers], [], [], left)[0]:
            self.end()
            raise GraphError(self.limits.too_long)
        found = os.read(self.answers, count)
        if not found:
            raise GraphError(self.died())
        return found

    def _write(self, data: bytes, until: float) -> None:
        left = memoryview(data)
        while left:
            wait = until - time.monotonic()
            if wait <= 0 or not select.select([], [self.orders], [], wait)[1]:
                self.end()
                raise GraphError(self.limits.too_long)
            try:
                left = left[os.write(self.orders, left) :]
            except BrokenPipeError as error:
                raise GraphError(self.died()) from error

    def died(self) -> Said:
        """Why it ended, as far as the system tells."""
        try:
            code = self.process.wait(5)
        except subprocess.TimeoutExpired:
            return said("graph.child-lies")
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return self.limits.too_long
        if code in (-signal.SIGABRT, -signal.SIGBUS):
            return self.limits.too_much_memory
        return said("graph.harmful")

    def end(self) -> None:
        """Kills it and waits for it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def __del__(self) -> None:
        if self.process.poll() is None:
            self.end()
