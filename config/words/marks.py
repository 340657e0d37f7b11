"""Marks sentences for gettext, which finds them by these names. No Django: in a tool without the
site they stay English, and where the site runs `translated.py` lends its catalogues.
"""

from __future__ import annotations

from collections.abc import Callable

Translators = tuple[Callable[[str], str], Callable[[str, str, int], str]]


def _english(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


_translators: list[Translators] = [(str, _english)]


def translate_by(one: Callable[[str], str], several: Callable[[str, str, int], str]) -> None:
    """From here on sentences are in the language that these two know to be active."""
    _translators.append((one, several))


class Text:
    """A sentence with placeholders, or its two forms between which a count chooses."""

    def __init__(self, *forms: str) -> None:
        self.forms = forms

    def form(self, count: int) -> str:
        """In the language that is active, its placeholders still empty."""
        one, several = _translators[-1]
        if len(self.forms) == 1:
            return one(self.forms[0])
        return several(self.forms[0], self.forms[1], count)


def gettext_lazy(text: str) -> Text:
    return Text(text)


def ngettext_lazy(one: str, many: str, number: str) -> Text:
    """`number` is always "count": gettext's own form of the call."""
    return Text(one, many)
