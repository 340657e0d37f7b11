"""Progress as a function: called between tiles with a share 0..1 and what is done (`said`).

Whoever passes it may raise in it: that is how a job is cancelled.
"""

from collections.abc import Callable

from config.words.pairs import Said

Progress = Callable[[float, Said], None]


def silent(share: float, message: Said) -> None:
    """Tells nobody."""


def within(progress: Progress, start: float, stop: float) -> Progress:
    """A progress whose 0..1 is the part start..stop of another one."""

    def report(share: float, message: Said) -> None:
        progress(start + (stop - start) * share, message)

    return report
