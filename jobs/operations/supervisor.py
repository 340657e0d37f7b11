"""What `manage.py up` supervises: web server, workers, beat; one log, orderly stop."""

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from config.web.log_privacy import routed
from config.web.logging import child_line
from jobs.operations import die_with_parent

RESTART_PAUSES_SECONDS = (1, 2, 4, 8, 16, 30)  # seconds before the next restart
HEALTHY_AFTER = 60.0  # a child that lived this long has its restarts forgiven
TERM, QUIT, KILL = 0.0, 5.0, 7.5  # seconds after the stop was asked for
GONE = 1.0  # seconds to wait for the killed

Line = Callable[[str, str], None]


@dataclass
class Child:
    """One supervised process in a group of its own."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    restarts: int = 0
    started: float = 0.0
    start_at: float = 0.0

    def start(self, line: Line) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            die_with_parent.command(*self.command),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
        )
        threading.Thread(target=self._read, args=(self.process, line), daemon=True).start()

    def _read(self, process: subprocess.Popen[str], line: Line) -> None:
        for text in process.stdout or ():
            line(self.name, text.rstrip())

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def bury(self) -> float:
        """After a death: clears what is left of the group, returns the pause before a restart."""
        self.signal_group(signal.SIGKILL)
        if time.monotonic() - self.started > HEALTHY_AFTER:
            self.restarts = 0
        pause = float(RESTART_PAUSES_SECONDS[min(self.restarts, len(RESTART_PAUSES_SECONDS) - 1)])
        self.restarts += 1
        self.start_at = time.monotonic() + pause
        return pause

    def signal_main(self, number: int) -> None:
        """To the main process only: a signal to a pool child would kill its task."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    @property
    def has_group(self) -> bool:
        if self.process is None:
            return False
        try:
            os.killpg(self.process.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def signal_group(self, number: int) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return


class Supervisor:
    """Starts the children, restarts the dead with growing pauses, stops all in order."""

    def __init__(
        self, children: Sequence[Child], logger: logging.Logger, *, as_json: bool = False
    ) -> None:
        self.children = list(children)
        self.as_json = as_json
        self.logger = logger
        self.stopping = threading.Event()
        self.width = max(len(child.name) for child in self.children)

    def line(self, name: str, text: str) -> None:
        text = routed(text)
        if self.as_json:
            self.logger.info(child_line(name, text))
        else:
            self.logger.info("%s | %s", name.ljust(self.width), text)

    def ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Blocks until SIGINT or SIGTERM, then stops everything."""
        signal.signal(signal.SIGINT, self.ask_to_stop)
        signal.signal(signal.SIGTERM, self.ask_to_stop)
        for child in self.children:
            child.start(self.line)
        while not self.stopping.wait(0.3):
            for child in self.children:
                self._look_after(child)
        self.stop()

    def _look_after(self, child: Child) -> None:
        if child.alive:
            return
        if child.process is not None:
            code, pause = child.process.returncode, child.bury()
            child.process = None
            self.line("up", f"{child.name} ended with {code}; starting again in {pause:.0f} s")
        elif time.monotonic() >= child.start_at:
            child.start(self.line)

    def stop(self) -> None:
        """Beat, workers, web are asked; then told; then killed with their whole group."""
        self.line("up", "stopping")
        begun = time.monotonic()
        steps = [(TERM, signal.SIGTERM), (QUIT, signal.SIGQUIT)]
        while any(child.alive for child in self.children):
            passed = time.monotonic() - begun
            while steps and passed >= steps[0][0]:
                number = steps.pop(0)[1]
                for child in reversed(self.children):
                    child.signal_main(number)
            if passed >= KILL:
                break
            time.sleep(0.1)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
        # A killed worker takes a moment to go: only then are its jobs nobody's.
        until = time.monotonic() + GONE
        while any(child.has_group for child in self.children) and time.monotonic() < until:
            time.sleep(0.05)
        self.line("up", f"stopped after {time.monotonic() - begun:.1f} s")
