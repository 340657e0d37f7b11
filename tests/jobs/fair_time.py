"""Seconds as processes live through them: what they waited for a core is not counted.

A promise of ten seconds is one about the product. On a machine that is busy with other things the
kernel says how long each process was ready to run and got no core (/proc/PID/task/*/schedstat);
with cores to spare this is next to nothing, and a fair second is a second.
"""

import time
from pathlib import Path

LONGEST = 300  # seconds on the wall: something hangs


def waited(pid):
    """Seconds that its threads were ready to run and did not; 0 where the kernel does not say."""
    total = 0.0
    for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(file.read_text().split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            continue
    return total


def sessions():
    """The processes of each session, by its leader."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            session = int(status.read_text().rpartition(")")[2].split()[3])
        except (OSError, ValueError, IndexError):
            continue
        found.setdefault(session, []).append(int(status.parent.name))
    return found


class FairTime:
    """Begins now. `first` is the process that acts first, `leaders` lead the sessions after it."""

    def __init__(self, first, leaders):
        self.first, self.leaders = first, set(leaders)
        self.begun = time.monotonic()
        self.waits, self.before = {}, {}
        self.look()

    def look(self):
        """What is heard last of a process that ends is kept."""
        known = sessions()
        for leader in self.leaders:
            for pid in known.get(leader, ()):
                self._hear(leader, pid)
        self._hear(self.first, self.first)

    def _hear(self, group, pid):
        now = waited(pid)
        before = self.before.setdefault(pid, now)
        if now > before:
            self.waits.setdefault(group, {})[pid] = now - before

    def passed(self):
        """Fair seconds so far: the first process and then the slowest session had to be waited
        for, and what those two lacked a core for is taken off."""
        self.look()
        sums = {group: sum(each.values()) for group, each in self.waits.items()}
        lost = sums.pop(self.first, 0.0) + max(sums.values(), default=0.0)
        return time.monotonic() - self.begun - lost

    def within(self, seconds, condition):
        """Whether the condition holds before so many fair seconds are over."""
        while not condition():
            if self.passed() > seconds or time.monotonic() - self.begun > LONGEST:
                return condition()
            time.sleep(0.1)
        return True
