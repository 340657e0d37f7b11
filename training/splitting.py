"""Which groups are held out: pure arithmetic, stable when photos are added."""

import hashlib
from collections.abc import Iterable

IN_ALBUM = " in album "  # in the name of a group: held out by itself, though its album trains


def held_out(groups: Iterable[str], *, share: float, seed: int) -> set[str]:
    """The groups of the validation split: about ``share`` of all items, whole groups only.

    ``groups`` names the group of every item. Groups are ordered by a hash of seed and name, so
    one more photo moves few others. At least one group is held out, and never all: with a
    single group, or a share of 0, nothing is.
    """
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    goal = share * sum(sizes.values())
    held: set[str] = set()
    taken = 0
    for group in sorted(sizes, key=lambda name: _place(name, seed)):
        if goal <= 0 or taken >= goal or len(held) == len(sizes) - 1:
            break
        if held and taken + sizes[group] > 1.5 * goal:
            continue  # one large album must not swallow the training photos
        held.add(group)
        taken += sizes[group]
    return held


def smallest_digests(digests: Iterable[str], count: int) -> set[str]:
    """The `count` smallest of the SHA-256 digests (hexadecimal): a choice that is nobody's."""
    return set(sorted(set(digests))[:count])


def _place(group: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{group}".encode()).hexdigest()


def judged_on(groups: Iterable[str]) -> str:
    """In words what figures were taken of, from the groups of the held-out items."""
    held = list(groups)
    if not held:
        return "the photographs it was trained on: none was held out"
    if any(IN_ALBUM in group for group in held):
        return "held-out photographs, of albums that trained too"
    return "held-out photographs"
