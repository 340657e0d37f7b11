"""The stages a visitor sees, and where each begins in a job's progress. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    name: str
    start: float


# The engine's four results lie between READ and DONE, in the parts engine.chain.SHARES names.
READ, DONE = 0.06, 0.98
STEPS = (
    Step("Read the photograph", 0.0),
    Step("Find the damage", READ),
    Step("Fill the damage", READ + 0.4 * (DONE - READ)),
    Step("Add colour", READ + 0.8 * (DONE - READ)),
    Step("Keep the results", DONE),
)


def shown(progress: float) -> list[tuple[str, str]]:
    """(name, "done" | "now" | "next") of every step at this progress."""
    now = max(index for index, step in enumerate(STEPS) if progress >= step.start)
    states = ["done"] * now + ["now"] + ["next"] * (len(STEPS) - now - 1)
    return [(step.name, state) for step, state in zip(STEPS, states, strict=True)]
