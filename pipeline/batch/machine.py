"""What this machine, or the container it is, has left: processors and memory. Pure but for /proc.

Free pages say nothing: what the system keeps of files it gives back. What a container may use
its host does not tell, so both generations of control groups are asked as well.
"""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/")
UNLIMITED = 1 << 60  # version 1 says "no limit" by a number about so large


def processors(root: Path = ROOT) -> int:
    """How many this process may use at once, at least 1."""
    known = hasattr(os, "sched_getaffinity")
    here = len(os.sched_getaffinity(0)) if known else os.cpu_count() or 1
    return max(1, min([here, *_quotas(root)]))


def available_memory(root: Path = ROOT) -> int | None:
    """Bytes that may still be taken without anything being swapped or killed; None: unknown."""
    found = [*_available(root), *_left(root)]
    return max(0, min(found)) if found else None


def _available(root: Path) -> Iterator[int]:
    for line in _lines(root / "proc/meminfo"):
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024


def _quotas(root: Path) -> Iterator[int]:
    """Whole processors of each limit, rounded up: half a one is still one."""
    for group in _groups(root, ""):
        words = (_lines(group / "cpu.max") or [""])[0].split()
        if len(words) == 2 and words[0] != "max":
            yield -(-int(words[0]) // int(words[1]))
    for group in _groups(root, "cpu"):
        quota, period = _number(group / "cpu.cfs_quota_us"), _number(group / "cpu.cfs_period_us")
        if quota and period and quota > 0:
            yield -(-quota // period)


def _left(root: Path) -> Iterator[int]:
    """What each limit leaves; the cache of files does not count as used."""
    for group in _groups(root, ""):
        limit, used = _number(group / "memory.max"), _number(group / "memory.current")
        if limit is not None and used is not None:
            yield limit - used + _stat(group, "inactive_file")
    for group in _groups(root, "memory"):
        limit = _number(group / "memory.limit_in_bytes")
        used = _number(group / "memory.usage_in_bytes")
        if limit is not None and used is not None and limit < UNLIMITED:
            yield limit - used + _stat(group, "total_inactive_file")


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """The folder of this process's group and of those above it: each limits all below.

    Version 2 has one tree and no controller's name.
    """
    top = root / "sys/fs/cgroup" / controller
    own = "/"
    for line in _lines(root / "proc/self/cgroup"):
        _, names, path = line.split(":", 2)
        if names == "" if not controller else controller in names.split(","):
            own = path
    place = top / own.lstrip("/")
    while place != top and top in place.parents:
        yield place
        place = place.parent
    yield top


def _stat(group: Path, name: str) -> int:
    rows = (line.split() for line in _lines(group / "memory.stat"))
    return next((int(row[1]) for row in rows if row[0] == name), 0)


def _number(path: Path) -> int | None:
    text = (_lines(path) or [""])[0].strip()
    return int(text) if text.lstrip("-").isdigit() else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
