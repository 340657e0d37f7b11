"""How a run ends early: SIGTERM asks it to, and a dead parent sends that signal."""

from __future__ import annotations

import signal
from types import FrameType

from jobs.operations.die_with_parent import ask_for_parent_death_signal


class Stopped(Exception):
    """The run was asked to stop and has written its resume file."""


class Stopper:
    """`asked` turns true on SIGTERM or SIGINT; loops look at it between steps.

    `until`: leave the run by oneself after so many images, as if asked.
    """

    def __init__(self, until: int | None = None) -> None:
        self.asked = False
        self.until = until

    def over(self, images: int) -> bool:
        """Whether a loop that has seen so many images shall stop."""
        return self.asked or (self.until is not None and images >= self.until)

    def listen(self) -> Stopper:
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)
        return self

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def die_with_parent() -> None:
    """SIGTERM when the parent's thread ends: no orphan trains on. Outside Linux nothing."""
    ask_for_parent_death_signal(signal.SIGTERM)
