"""A thing said, as a code with parameters: stored so, and put into words where it is shown.

As JSON it is `{"code": "photo.empty", "with": {}}`. Parameters are JSON values; one may be a thing
said itself, or a list of such. No Django: `pairs.py` is the same as plain JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from config.words.pairs import is_said

START = '{"code": '
NO_TEXT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, eq=False)
class Said:
    """Shown, it is a sentence in the language of whoever looks."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "with": {key: plain(each) for key, each in self.params.items()}}

    def __str__(self) -> str:
        return _speakers[-1](self) if _speakers else self.code

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and self.as_json() == other.as_json()

    def __hash__(self) -> int:
        return hash(self.code)


_speakers: list[Callable[[Said], str]] = []
Speaker = TypeVar("Speaker", bound=Callable[[Any], str])


def speaks(function: Speaker) -> Speaker:
    """Marks what puts things into words: whoever only says them need not load all sentences."""
    _speakers.append(function)
    return function


Words = Said | str
"""What is shown: a thing said, or the sentence of an older release or a person, as it is."""


def said(code: str, /, **params: Any) -> Said:
    return Said(code, params)


def read(value: Any) -> Words:
    """What was kept as JSON; a sentence of an older release stays one."""
    if isinstance(value, Said):
        return value
    if is_said(value):
        return Said(value["code"], value["with"])
    return str(value)


def reason_of(error: Exception) -> Words:
    """What an error was raised with: a thing said, or its own words."""
    first = error.args[0] if error.args else ""
    return read(first) if isinstance(first, Said) or is_said(first) else str(error)


def code_of(words: Words) -> dict[str, Any] | None:
    """For programs, beside the words; None of a plain sentence."""
    return words.as_json() if isinstance(words, Said) else None


def kept(text: str) -> str:
    """A file's own words with a sign in place of what no database keeps and no page shows."""
    return NO_TEXT.sub("\ufffd", text)


def plain(value: Any) -> Any:
    """JSON of whatever holds things said."""
    if isinstance(value, str):
        return kept(value)
    if isinstance(value, Said):
        return value.as_json()
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def as_text(value: Words) -> str:
    """For a column of text."""
    return json.dumps(value.as_json(), ensure_ascii=False) if isinstance(value, Said) else value


def from_text(text: str) -> Words:
    """A person's own words stay as they are, whatever they look like."""
    if not text.startswith(START):
        return text
    try:
        return read(found) if is_said(found := json.loads(text)) else text
    except ValueError:
        return text
