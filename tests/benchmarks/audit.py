"""`python -m tests.benchmarks.audit`: known holes of the installed packages, as PyPI's own records tell them.

Asks PyPI for each package of requirements.txt at its installed version. Offline it says so and
passes: a check that cannot be made is no failure of the site.
"""

import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = "PyPI cannot be reached: the packages were not checked for known holes."
Fetch = Callable[[str], dict[str, Any]]


def fetch(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def installed(requirements: Path) -> Iterator[tuple[str, str]]:
    for line in requirements.read_text().splitlines():
        if found := re.match(r"[A-Za-z0-9._-]+", line):
            try:
                yield found.group(), version(found.group())
            except PackageNotFoundError:
                continue


def holes(name: str, number: str, ask: Fetch = fetch) -> list[str]:
    """Sentences about known and not withdrawn holes of one version."""
    try:
        told = ask(f"https://pypi.org/pypi/{name}/{number}/json")
    except urllib.error.HTTPError:  # a version that PyPI does not know: a local build
        return []
    return [
        f"{name} {number}: {hole['id']}, mended in {', '.join(hole.get('fixed_in') or ['-'])}"
        for hole in told.get("vulnerabilities", [])
        if not hole.get("withdrawn")
    ]


def check(ask: Fetch = fetch) -> int:
    found: list[str] = []
    count = 0
    try:
        for name, number in installed(ROOT / "requirements.txt"):
            found += holes(name, number, ask)
            count += 1
    except (OSError, ValueError):
        print(OFFLINE)
        return 0
    for sentence in found:
        print(sentence)
    print(f"{count} packages checked, {len(found)} known holes")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(check())
