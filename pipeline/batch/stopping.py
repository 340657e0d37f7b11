"""SIGTERM and SIGHUP end a batch as Ctrl-C does: at the next moment, with everything whole."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(KeyboardInterrupt):
    """Somebody wants this to end; `code` is the exit code that says by which signal."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Signals raise Stopped once; while the end is written nothing interrupts it."""
    signals = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

    def stop(number: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    before = {each: signal.signal(each, stop) for each in signals}
    try:
        yield
    finally:
        for each, was in before.items():
            signal.signal(each, was)
