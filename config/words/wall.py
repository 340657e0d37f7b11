"""Every code's sentence, and the one way from a thing said to words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from config.words.marks import Text
from config.words.pairs import is_said
from config.words.said import Said, as_text, read, speaks


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


class Sentence:
    """A whole sentence with named placeholders; `shapes` say how a parameter is written."""

    def __init__(self, text: Text, **shapes: Callable[[Any], str]) -> None:
        self.text = text
        self.shapes = shapes

    @property
    def blank(self) -> str:
        """Without what its placeholders would hold; of several forms that of many."""
        return self.text.form(2) % _Blank()

    def filled(self, params: Mapping[str, Any]) -> str:
        """In the language that is active. Raises KeyError without a parameter."""
        shown = {key: self._shape(key)(value) for key, value in params.items()}
        return self.text.form(params.get("count", 0)) % shown

    def _shape(self, key: str) -> Callable[[Any], Any]:
        return self.shapes.get(key) or written


def written(value: Any) -> Any:
    """A parameter without a shape: sentences follow each other, names stand in a list."""
    if isinstance(value, Said) or is_said(value):
        return in_words(value)
    if isinstance(value, (list, tuple)):
        sentences = any(isinstance(each, Said) or is_said(each) for each in value)
        return (" " if sentences else ", ").join(str(written(each)) for each in value)
    return value


@speaks
def in_words(value: Any) -> str:
    """A thing said, or its JSON, as a sentence; plain sentences and unknown codes as they are."""
    thing = read(value)
    if not isinstance(thing, Said):
        return thing
    sentence = sentences().get(thing.code)
    try:
        return thing.code if sentence is None else sentence.filled(thing.params)
    except (KeyError, TypeError, ValueError):  # said by another release
        return thing.code


def codes_that_say(words: str) -> list[str]:
    """How a column begins whose sentence holds these words, in the language that is active."""
    found = (code for code, each in sentences().items() if words.lower() in each.blank.lower())
    return [as_text(Said(code)).partition(",")[0] for code in found]


@cache
def sentences() -> Mapping[str, Sentence]:
    """By code, of all rooms."""
    from config.words import sentences as rooms

    return rooms.ALL


def for_programs(value: Any) -> Any:
    """JSON for the API: words where there were words, and beside `name` the code as `name_said`."""
    if isinstance(value, list):
        return [for_programs(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    found: dict[str, Any] = {}
    for key, each in value.items():
        found[key] = _spoken(each) if _speaks(each) else for_programs(each)
        if _speaks(each):
            found[f"{key}_said"] = each
    return found


def _speaks(value: Any) -> bool:
    return is_said(value) or (isinstance(value, list) and any(map(is_said, value)))


def _spoken(value: Any) -> Any:
    return [in_words(each) for each in value] if isinstance(value, list) else in_words(value)
