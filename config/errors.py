"""What services raise when the answer to a person is no."""

from config.words.said import Words, reason_of


class Refused(Exception):
    """A rule says no; what it says is a sentence for the person who asked.

    `str` is that sentence, `said` what to keep where it is kept (see `config.words`).
    """

    @property
    def said(self) -> Words:
        return reason_of(self)
