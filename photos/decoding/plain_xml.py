"""XML of strangers: without a document type, so that no entity can be declared. Pure."""

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

DECLARES = ("<!DOCTYPE", "<!ENTITY")


class DeclaresEntities(ValueError):
    """A few hundred bytes of entities can stand for gigabytes of text."""


def parse(text: str) -> ElementTree.Element:
    """The root of a document. Raises DeclaresEntities, and ValueError for what is no XML.

    It takes text and not bytes, and no zero bytes in it: the parser takes those for UTF-16, and
    what is looked for and what is parsed must be the same characters.
    """
    (whole,) = checked([text])
    try:
        return ElementTree.fromstring(whole)  # noqa: S314 - no entities are left to expand
    except ElementTree.ParseError as error:
        raise ValueError("The document cannot be read as XML.") from error


def checked(texts: Iterable[str]) -> Iterator[str]:
    """A document in pieces of any length, as they come; each is looked at before it is parsed.

    Raises as `parse` does.
    """
    before = ""
    for text in texts:
        joined = before + text
        if any(word in joined for word in DECLARES):
            raise DeclaresEntities("The document declares entities.")
        if "\0" in text:
            raise ValueError("The document cannot be read as XML: it holds zero bytes.")
        before = joined[-max(map(len, DECLARES)) :]
        yield text
