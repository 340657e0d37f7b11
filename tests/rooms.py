"""`python -m tests.rooms`: files at the top of each folder, and who imports whom in two rooms.

A folder counts as one module, as does each file at a room's top; an import inside a function is an
arrow like any other. Layers are the longest way down once cycles count as one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
ASIDE = ("migrations", "management", "templatetags")  # Django's own, named by it
SCRIPTS = (".py", ".js")


def files() -> Counter[str]:
    """Python and script files by folder of the rooms; migrations and `__init__` aside."""
    rooms = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
    found: Counter[str] = Counter()
    for path in (path.relative_to(ROOT) for room in rooms for path in room.rglob("*")):
        counts = path.suffix in SCRIPTS and path.name != "__init__.py"
        if counts and "migrations" not in path.parts:
            found[str(path.parent)] += 1
    return found


@dataclass(frozen=True)
class Graph:
    """A room with its folders counted as one: who imports whom."""

    arrows: dict[str, frozenset[str]]

    @property
    def count(self) -> int:
        return sum(map(len, self.arrows.values()))

    def reached(self, start: str) -> frozenset[str]:
        """Whatever it imports, however indirectly."""
        found: set[str] = set()
        left = [start]
        while left:
            for name in self.arrows[left.pop()] - found:
                found.add(name)
                left.append(name)
        return frozenset(found)

    def cycles(self) -> list[str]:
        return [name for name in self.arrows if name in self.reached(name)]

    def layers(self) -> int:
        below = {name: self.reached(name) for name in self.arrows}

        @cache
        def depth(name: str) -> int:
            deeper = [depth(other) for other in below[name] if name not in below[other]]
            return 1 + max(deeper, default=0)

        return max(map(depth, self.arrows))


def graph(room: str) -> Graph:
    built = grimp.build_graph(room, cache_dir=None)
    arrows: dict[str, set[str]] = {}
    for module in built.modules - {room}:
        if set(module.split(".")) & set(ASIDE):
            continue
        own = arrows.setdefault(_folder(module), set())
        own |= {_folder(name) for name in built.find_modules_directly_imported_by(module)}
    return Graph({name: frozenset(own & set(arrows) - {name}) for name, own in arrows.items()})


def _folder(module: str) -> str:
    return ".".join(module.split(".")[:2])


if __name__ == "__main__":
    for folder, number in files().most_common(12):
        print(f"{number:3} files  {folder}")
    for room in ("pipeline", "evaluation"):
        found = graph(room)
        print(f"{room}: {len(found.arrows)} modules, {found.count} arrows, {found.layers()} layers")
