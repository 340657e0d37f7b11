"""Progress as a function: called between tiles with a share 0..1 and a sentence.

Whoever passes it may raise in it: that is how a job is cancelled.
"""

from collections.abc import Callable

Progress = Callable[[float, str], None]


def silent(share: float, sentence: str) -> None:
    """Tells nobody."""


def within(progress: Progress, start: float, stop: float) -> Progress:
    """A progress whose 0..1 is the part start..stop of another one."""

    def report(share: float, sentence: str) -> None:
        progress(start + (stop - start) * share, sentence)

    return report
