"""What a token may do: reading or writing, room by room. Pure."""

# The rooms that have an API, by the package their views live in.
ROOMS = {
    "pipeline": "restorations",
    "annotate": "labelling",
    "training": "training",
    "evaluation": "studies",
}
READ, WRITE = "read", "write"
SCOPES = tuple(f"{room}:{act}" for room in ROOMS.values() for act in (READ, WRITE))
SAFE = ("GET", "HEAD")


def needed(package: str, method: str, act: str = "") -> str | None:
    """The scope for a method of a view, "" for none, None for what no token may do.

    `act` overrides what the method says. A view outside the rooms (the schema) may be read by
    any token and written by none.
    """
    if method == "OPTIONS":
        return ""
    act = act or (READ if method in SAFE else WRITE)
    if package not in ROOMS:
        return "" if act == READ else None
    return f"{ROOMS[package]}:{act}"


def parse(given: str) -> list[str]:
    """ "restorations:read studies:write" as a sorted list; ValueError names what is unknown."""
    names = sorted(set(given.replace(",", " ").split()))
    if unknown := [name for name in names if name not in SCOPES]:
        raise ValueError(f"There is no scope {unknown[0]}; there are {', '.join(SCOPES)}.")
    if not names:
        raise ValueError("A token needs at least one scope.")
    return names
