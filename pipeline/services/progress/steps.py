"""The stages a visitor sees, where each begins in a job's progress, and what is left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from config.words.said import Said, Words, said

Message = Mapping[str, Any]  # as the engine says it


@dataclass(frozen=True)
class Step:
    """``kinds`` are the results that are made in it."""

    name: Said
    start: float
    kinds: tuple[str, ...] = ()


# The engine's four results lie between READ and DONE, in the parts engine.pipeline.SHARES names.
READ, DONE = 0.06, 0.98
STEPS = (
    Step(said("step.read"), 0.0),
    Step(said("step.find"), READ, ("mask",)),
    Step(said("step.fill"), READ + 0.4 * (DONE - READ), ("inpainted",)),
    Step(said("step.colour"), READ + 0.8 * (DONE - READ), ("inpainted_colorized", "colorized")),
    Step(said("step.keep"), DONE),
)


def of_engine(tell: Callable[[float, Message], None]) -> Callable[[float, Message], None]:
    """What the engine says from 0 to 1, told as the job's progress from READ to DONE."""
    return lambda share, message: tell(READ + (DONE - READ) * share, message)


def shown(progress: float) -> list[tuple[Said, str]]:
    """(name, "done" | "now" | "next") of every step at this progress."""
    now = max(index for index, step in enumerate(STEPS) if progress >= step.start)
    states = ["done"] * now + ["now"] + ["next"] * (len(STEPS) - now - 1)
    return [(step.name, state) for step, state in zip(STEPS, states, strict=True)]


def seconds_left(progress: float, seconds: Mapping[str, float]) -> float:
    """What is left at this progress, when each kind of result takes so many seconds.

    Reading and keeping together are taken for a fifth of the work between them.
    """
    work = sum(seconds.values())
    left = 0.0
    ends = [*(step.start for step in STEPS[1:]), 1.0]
    for step, end in zip(STEPS, ends, strict=True):
        share = (end - max(progress, step.start)) / (end - step.start)
        takes = sum(seconds.get(kind, 0.0) for kind in step.kinds) if step.kinds else 0.1 * work
        left += takes * min(1.0, max(0.0, share))
    return left


def usually(seconds: float | None) -> Said:
    """The sentence of the first screen, in whole minutes upwards: a promise must hold."""
    if seconds is None:
        return said("wait.usually")
    minutes = -(-int(seconds) // 60) or 1
    return said("wait.within", count=minutes)


def left_to_wait(seconds: float | None) -> Words:
    """A time for people: never more exact than it is."""
    if seconds is None:
        return ""
    if seconds < 8:
        return said("wait.few-seconds")
    if seconds < 55:
        return said("wait.seconds", count=5 * round(seconds / 5))
    return said("wait.minutes", count=max(1, round(seconds / 60)))
