"""A language in which every sentence that is put into words is told by its brackets."""

import html
from contextlib import contextmanager
from gettext import NullTranslations

from django.utils import translation
from django.utils.translation import trans_real

from config.words.wall import in_words


class Bracketed(NullTranslations):
    def language(self):
        return "en"

    to_language = language

    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, singular, plural, number):
        return f"⟦{singular if number == 1 else plural}⟧"


@contextmanager
def bracketed():
    """Activates it as a person's language is; what was activated before comes back."""
    before = getattr(trans_real._active, "value", None)
    trans_real._active.value = Bracketed()
    try:
        yield
    finally:
        if before is None:
            translation.deactivate()
        else:
            trans_real._active.value = before


def page(client, address):
    """What stands at an address for somebody who reads that language."""
    with bracketed():
        return html.unescape(client.get(address).content.decode())


def in_brackets(things):
    """The words of each thing in that language."""
    with bracketed():
        found = [in_words(each) for each in things]
    assert found and all(words[0] + words[-1] == "⟦⟧" for words in found)
    return found


def is_wholly_put_into_words(page, things):
    """All of them stand there in brackets, and none in plain English beside."""
    for thing, words in zip(things, in_brackets(things), strict=True):
        assert words in page
        assert in_words(thing) not in page.replace(words, "")
    return True
