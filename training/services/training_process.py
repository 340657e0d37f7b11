"""The training subprocess: started in a group of its own, stopped by SIGTERM, never orphaned."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings

from jobs.operations import die_with_parent

RESUMABLE = 75
EXIT = "exit"
CARDS = Path("/proc/driver/nvidia/gpus")
GRACE = 60.0  # seconds a loop has to write its resume file
LOCK_PATIENCE = 60.0


class LoopProcess:
    """``python -m training.trainers FOLDER``, which ends with this process.

    The loop asks for that itself, by SIGTERM, but only once torch is loaded: a worker killed within
    those seconds would leave a loop that trains on unseen, while the next attempt starts another.
    With several graphics cards torchrun shares every batch among them.
    """

    def __init__(self, folder: Path, cards: int | None = None) -> None:
        wait_for_lock(folder)
        self.folder, self.processes = folder, processes(cards)
        with (folder / "stderr.log").open("ab") as log:
            self.process = subprocess.Popen(
                die_with_parent.command(
                    sys.executable, "-m", "training.trainers", str(folder), *self._shared()
                ),
                cwd=settings.BASE_DIR,
                env={**os.environ, "OMP_NUM_THREADS": str(threads())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _shared(self) -> list[str]:
        return ["--processes", str(self.processes)] if self.processes > 1 else []

    def ended(self) -> int | None:
        return self._meant(self.process.poll())

    def _meant(self, code: int | None) -> int | None:
        """torchrun answers 1 to every end but the best: the folder says what the loop meant."""
        said = self.folder / EXIT
        if code is None or self.processes == 1 or not said.exists():
            return code
        return int(said.read_text())

    def stop(self) -> int:
        """Asks, waits for the resume file, kills only what does not answer."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        return self.ended() or 0


def threads() -> int:
    return int(settings.TORCH_THREADS or os.cpu_count() or 1)


def processes(cards: int | None = None) -> int:
    """One per visible graphics card, or on so many of them; one where training uses no card."""
    if settings.TRAIN_DEVICE != "cuda":
        return 1
    return max(1, min(visible_cards(), cards or visible_cards()))


def visible_cards() -> int:
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return max(1, len([card for card in visible.split(",") if card.strip()]))
    return max(1, len(list(CARDS.glob("*"))))


def wait_for_lock(folder: Path) -> None:
    """The loop of a killed worker may still be writing its resume file: let it finish."""
    until = time.monotonic() + LOCK_PATIENCE
    while is_locked(folder / "lock"):
        if time.monotonic() > until:
            raise TimeoutError("Another process still trains in this run's folder.")
        time.sleep(0.2)


def is_locked(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """An event that SIGTERM to this worker sets, so that the loop can be stopped in order."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked  # signals reach the main thread only
        return

    def ask(number: int, frame: FrameType | None) -> None:
        asked.set()

    before: Any = signal.signal(signal.SIGTERM, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)
