"""Large documents read item by item: of a file of many photos one shape or task is in memory.

JSON and XML of the standard library alone; what an item may take is bounded.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO
from xml.etree import ElementTree as Xml

from config.words.said import said
from photos.decoding import plain_xml

CHUNK = 1 << 20
MAX_ITEM = 64 << 20  # characters of one shape, task or image
SPACE = re.compile(r"[ \t\r\n]*")
ENDS = "]},: \t\r\n"  # after a whole value
LONGEST_TOKEN = 16  # `-Infinity`, an escape, and some more


def items(file: BinaryIO, keys: Collection[str], form: str) -> Iterator[tuple[str, Any]]:
    """(key, item) for each item of the lists under `keys` of an object; where `keys` is empty,
    ("", item) of a list, or of one value alone.

    ValueError where it is no JSON, or lacks a list. Other values of the object are passed over.
    """
    try:
        yield from _Reader(file).items(keys)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(said("file.no-json", form=form)) from error


class _Reader:
    """What has been read and not used of a JSON document."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.text, self.at, self.ended = "", 0, False
        self.decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self.scan = json.JSONDecoder().raw_decode

    def items(self, keys: Collection[str]) -> Iterator[tuple[str, Any]]:
        if keys:
            yield from self.of_object(keys)
        elif self.next() == "[":
            yield from (("", item) for item in self.listed())
        else:
            yield "", self.value()
        if self.next():
            raise self.wrong("more than one document")

    def of_object(self, keys: Collection[str]) -> Iterator[tuple[str, Any]]:
        missing = set(keys)
        for key in self.keys():
            if self.next() != "[":
                self.value()
                continue
            missing.discard(key)
            for item in self.listed():  # also those that nobody asked for: one by one
                if key in keys:
                    yield key, item
        if missing:
            raise ValueError(said("file.no-list", key=repr(min(missing))))

    def keys(self) -> Iterator[str]:
        """Of an object; whoever asks for the next has read the value."""
        self.take("{")
        more = self.next() != "}"
        while more:
            self.next()
            key = self.value()
            self.take(":")
            yield str(key)
            more = self.next() == ","
            if more:
                self.take(",")
        self.take("}")

    def listed(self) -> Iterator[Any]:
        self.take("[")
        if self.next() == "]":
            return self.take("]")
        while True:
            yield self.value()
            if self.next() != ",":
                return self.take("]")
            self.take(",")

    def next(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            self.at = SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def take(self, character: str) -> None:
        if self.next() != character:
            raise self.wrong(f"{character} is missing")
        self.at += 1

    def value(self) -> Any:
        """The value that begins here; more is read as long as it might not be whole."""
        self.next()
        size = CHUNK
        while True:
            try:
                found, end = self.scan(self.text, self.at)
            except json.JSONDecodeError as error:
                if self.ended or not self._cut_off(error):
                    raise
            else:
                if self.ended or (end < len(self.text) and self.text[end] in ENDS):
                    self.at = end
                    return found
            if len(self.text) - self.at > MAX_ITEM:
                raise ValueError(said("file.entry-too-long", limit=MAX_ITEM >> 20))
            self.more(size)
            size *= 2

    def _cut_off(self, error: json.JSONDecodeError) -> bool:
        """Whether it may be right but for what has not been read yet."""
        return error.msg.startswith("Unterminated") or error.pos > len(self.text) - LONGEST_TOKEN

    def more(self, size: int = 0) -> bool:
        """Reads on; what was used is forgotten."""
        data = self.file.read(size or CHUNK)
        self.text = self.text[self.at :] + self.decode(data, final=not data)
        self.at, self.ended = 0, not data
        return bool(data)

    def wrong(self, sentence: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(sentence, "", 0)


def elements(file: BinaryIO, form: str) -> Iterator[Xml.Element]:
    """The children of an XML document's root, one at a time: each is emptied after its turn.

    ValueError where it is no XML, or declares entities.
    """
    parser: Any = Xml.XMLPullParser(events=("start", "end"))
    root: Xml.Element | None = None
    depth = 0
    try:
        for text in plain_xml.checked(_texts(file)):
            parser.feed(text)
            for event, element in parser.read_events():
                root = element if root is None else root
                depth += 1 if event == "start" else -1
                if event == "end" and depth == 1:
                    yield element
                    root.clear()
        parser.close()
    except plain_xml.DeclaresEntities:
        raise
    except (Xml.ParseError, ValueError) as error:
        raise ValueError(said("file.no-xml", form=form)) from error


def _texts(file: BinaryIO) -> Iterator[str]:
    decode = codecs.getincrementaldecoder("utf-8-sig")().decode
    while data := file.read(CHUNK):
        yield decode(data)
    yield decode(b"", final=True)
