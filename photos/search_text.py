"""One form of a text for searching, the same on every database: no case, no accents, one blank."""

import unicodedata
from collections.abc import Iterable

BETWEEN = "\n"  # no search crosses from one field into the next


def normalised(text: str) -> str:
    """``Café  FOTO`` -> ``cafe foto``; compatibility forms (ligatures, wide letters) are plain.

    What nobody sees (soft hyphens, joiners, marks of direction) does not count: text that was
    copied from a page is full of it.
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(
        each for each in apart if not unicodedata.combining(each) and not is_unseen(each)
    )
    return " ".join(plain.split())


def is_unseen(letter: str) -> bool:
    """Format characters and selectors of variants."""
    return unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"


def joined(texts: Iterable[str]) -> str:
    """The column of a row: its texts, each normalised."""
    return BETWEEN.join(normalised(text) for text in texts)
