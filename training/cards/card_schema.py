"""What a model card may hold: types, ranges and sizes, checked before a site believes it.

A card is a file from elsewhere, and its values end in pages, cuts and shapes of networks. Keys that
nobody reads may be anything that is JSON with finite numbers.
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any

from config.words.pairs import is_said
from photos.masks.classes import BITS

MAX_BYTES = 4_000_000  # of the card's text; those that ship have 30 kB
MAX_DEPTH = 12
MAX_ARGUMENT = 4096  # of a network: widths and levels beyond would only ask for memory
CHROMA = (0.0, 255.0)
LOGITS = (-100.0, 100.0)
Check = Callable[[Any], bool]


class CardError(ValueError):
    """The card is none of ours; the message says what is wrong with it."""


def parsed(text: str) -> dict[str, Any]:
    """The card of a JSON text. Raises CardError for what is no card, with the reason."""
    if len(text) > MAX_BYTES:
        raise CardError(f"it is longer than {MAX_BYTES // 1_000_000} MB")
    try:
        card = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise CardError(str(error) if isinstance(error, CardError) else "it is no JSON") from error
    check(card)
    return dict(card)


def check(card: Any) -> None:
    """Raises CardError unless every known key holds what is read from it, and all is finite."""
    if not isinstance(card, dict):
        raise CardError("it is no object with names")
    _check_values(card, 0)
    for name in NEEDED:
        if name not in card:
            raise CardError(f"it does not name its {name}")
    for name, (wanted, holds) in KNOWN.items():
        if name in card and not holds(card[name]):
            raise CardError(f"{name!r} must be {wanted}")


def _no_number(text: str) -> None:
    raise CardError(f"{text} is no number")


def _check_values(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise CardError(f"it is nested more than {MAX_DEPTH} deep")
    if isinstance(value, float) and not math.isfinite(value):
        raise CardError("it holds a number that is not finite")
    if isinstance(value, int) and abs(value) > 2**53:
        raise CardError("it holds a whole number of more than 53 bits")
    if isinstance(value, str) and "\0" in value:
        raise CardError("it holds a zero byte")
    for each in _children(value):
        _check_values(each, depth + 1)


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


# --- what is asked of single values ---------------------------------------------------------------


def _number(low: float = -math.inf, high: float = math.inf) -> Check:
    def holds(value: Any) -> bool:
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        return plain and low <= value <= high

    return holds


def _text(most: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= most


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(_text(2000)(each) for each in value)


def _words(value: Any) -> bool:
    """Things said, or the sentences of cards of older releases."""
    return isinstance(value, list) and all(is_said(each) or _text(2000)(each) for each in value)


def _of_classes(low: float, high: float) -> Check:
    """One number for each class of damage, by name or in their order; or one for all."""
    number = _number(low, high)

    def holds(value: Any) -> bool:
        if isinstance(value, dict):
            return set(value) <= set(BITS) and all(map(number, value.values()))
        if isinstance(value, list):
            return len(value) == len(BITS) and all(map(number, value))
        return number(value)

    return holds


def _arguments(value: Any) -> bool:
    def plain(each: Any) -> bool:
        if isinstance(each, bool | str):
            return not isinstance(each, str) or len(each) <= 100
        return _number(-MAX_ARGUMENT, MAX_ARGUMENT)(each)

    names = re.compile("[a-z][a-z0-9_]{0,40}").fullmatch
    return isinstance(value, dict) and all(
        names(name) and (plain(each) or (isinstance(each, list) and all(map(plain, each))))
        for name, each in value.items()
    )


def _numbers(value: Any) -> bool:
    """Nested names that end in numbers, or in what is not shown."""
    return isinstance(value, dict) and all(isinstance(name, str) for name in value)


def _counts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_number(0), value))


def _tables(value: Any) -> bool:
    def row(each: Any) -> bool:
        return isinstance(each, list) and bool(each) and isinstance(each[0], str)

    def table(each: Any) -> bool:
        rows = each.get("rows") if isinstance(each, dict) else None
        named = isinstance(each, dict) and isinstance(each.get("title"), str)
        columns = named and isinstance(each.get("columns"), list)
        return bool(columns and isinstance(rows, list) and all(map(row, rows)))

    return isinstance(value, list) and all(map(table, value))


def _graph(value: Any) -> bool:
    """What an import found out about a graph; pages show its files."""

    def file(each: Any) -> bool:
        return (
            isinstance(each, dict)
            and all(_text(500)(each.get(word)) for word in ("name", "sha256"))
            and _number(0)(each.get("bytes"))
        )

    files = value.get("files", []) if isinstance(value, dict) else None
    return isinstance(files, list) and all(map(file, files))


NEEDED = ("stage", "network", "arguments")
KNOWN: dict[str, tuple[str, Check]] = {
    "stage": ("a short text", _text(40)),
    "network": ("a short text", _text(40)),
    "arguments": (f"an object of plain values up to {MAX_ARGUMENT}", _arguments),
    "name": ("a text", _text(500)),
    "notes": ("a text or a list of texts", lambda value: _text(20_000)(value) or _texts(value)),
    "created": ("a short text", _text(100)),
    "data": ("a list of texts", lambda value: _texts(value) or _text(20_000)(value)),
    "credits": ("a list of texts", _texts),
    "licences": ("a list of texts", _texts),
    "recipe": ("an object", lambda value: isinstance(value, dict)),
    "encoder": ("an object", lambda value: isinstance(value, dict)),
    "metrics": ("an object", _numbers),
    "masks": ("an object", _numbers),
    "blended": ("a list of numbers", _counts),
    "blend_of": ("an object", _numbers),
    "judged_on": ("a short text", _text(100)),
    "tables": ("a list of tables", _tables),
    "threshold": ("a share 0..1 for each class", _of_classes(0.0, 1.0)),
    "looks_threshold": ("a share 0..1 for each class", _of_classes(0.0, 1.0)),
    "logit_offset": ("a number for each class", _of_classes(*LOGITS)),
    "cut_gives_way": ("a number", _number(*LOGITS)),
    "hole_size_max": ("a number of pixels", _number(0.0, 1e6)),
    "hole_size_p99": ("a number of pixels", _number(0.0, 1e6)),
    "mean_chroma": (
        "two numbers 0..255",
        lambda value: (
            isinstance(value, list) and len(value) == 2 and all(map(_number(*CHROMA), value))
        ),
    ),
    "multiple": ("a whole number", _number(1, 4096)),
    "images_seen": ("a number", _number(0)),
    "lacks": ("a list of texts, or of codes with parameters", _words),
    "photos_reflected": ("a whole number", _number(0)),
    "batch_taken": ("a whole number", _number(1, 1e6)),
    "processes": ("a whole number", _number(1, 4096)),
    "training_photos": ("a number", _number(0)),
    "score": ("a number", _number()),
    "maker": ("a text", _text(500)),
    "source": ("a text", _text(500)),
    "noncommercial": ("true or false", lambda value: isinstance(value, bool)),
    "adapter": ("an object", lambda value: isinstance(value, dict)),
    "graph": ("an object with its files", _graph),
}
