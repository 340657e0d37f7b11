"""Named colours with their sources: what ships, and what the lab adds by file and on its page."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from config.errors import Refused
from pipeline.models import LabSwatch

SHIPPED = Path(__file__).parents[2] / "colour_swatches.toml"
TEXTS = ("name", "source")
MOST = 500  # swatches of the lab: all of them are sent to whoever paints


@dataclass(frozen=True)
class Swatch:
    """`rgb` in sRGB, 0..255. `exact`: the source itself gives numbers; else it was judged by eye
    from what the source describes."""

    name: str
    rgb: tuple[int, int, int]
    source: str
    exact: bool = False


@dataclass(frozen=True)
class Group:
    """Swatches of one kind of thing, in the order of the page."""

    name: str
    swatches: tuple[Swatch, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def library() -> list[Group]:
    """What ships, with the lab's swatches in its groups, and the lab's own groups after them.

    Raises Refused, in a sentence, where the lab's file (COLOUR_SWATCHES) is none.
    """
    known = {group.name: group for group in given()}
    for row in LabSwatch.objects.all():
        red, green, blue = bytes.fromhex(row.rgb[1:])
        one = Swatch(row.name, (red, green, blue), row.source, row.exact)
        _join(known, Group(row.group, (one,)))
    return list(known.values())


def given() -> list[Group]:
    """What nobody can change on a page: what ships, and the lab's file. Raises as `library`."""
    own = settings.COLOUR_SWATCHES
    files = [SHIPPED, *([Path(own)] if own else [])]
    known: dict[str, Group] = {}
    for path in files:
        for group in _read(path, _changed(path)):
            _join(known, group)
    return list(known.values())


def _join(known: dict[str, Group], more: Group) -> None:
    before = known[more.name].swatches if more.name in known else ()
    known[more.name] = Group(more.name, before + more.swatches)


def keep(row: LabSwatch) -> None:
    """Saves a swatch that was filled in. Refused where its name is taken or there are too many."""
    here = LabSwatch.objects.exclude(pk=row.pk)
    if here.count() >= MOST:
        raise Refused(f"There are {MOST} swatches: remove one first.")
    row.group = _spelt(row.group, [each.name for each in given()])
    mine = here.filter(group__iexact=row.group, name__iexact=row.name).exists()
    if mine or _is_given(row):
        raise Refused(f"There is a “{row.name}” in “{row.group}” already.")
    row.save()


def _spelt(group: str, groups: list[str]) -> str:
    """A group as it is spelt where it is known: “uniforms” joins “Uniforms”."""
    mine = LabSwatch.objects.filter(group__iexact=group).values_list("group", flat=True)
    known = {name.lower(): name for name in [*mine, *groups]}
    return known.get(group.lower(), group)


def _is_given(row: LabSwatch) -> bool:
    names = {each.name: {one.name.lower() for one in each.swatches} for each in given()}
    return row.name.lower() in names.get(row.group, set())


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise Refused(f"The swatches in {path.name} cannot be read: {error.strerror}.") from error


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> tuple[Group, ...]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(_group(each) for each in found["group"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"The swatches in {path.name} cannot be read: {error}.") from error


def _group(given: Mapping[str, Any]) -> Group:
    return Group(_text(given, "name"), tuple(_swatch(each) for each in given["swatch"]))


def _swatch(given: Mapping[str, Any]) -> Swatch:
    name, source = (_text(given, field) for field in TEXTS)
    red, green, blue = _rgb(given["rgb"], name)
    return Swatch(name, (red, green, blue), source, bool(given.get("exact", False)))


def _text(given: Mapping[str, Any], field: str) -> str:
    text = given[field]
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"“{field}” is a text")
    return text


def _rgb(text: Any, name: str) -> bytes:
    if not isinstance(text, str) or len(text) != 7 or not text.startswith("#"):
        raise ValueError(f"the rgb of “{name}” is a text like #4b5320")
    return bytes.fromhex(text[1:])
