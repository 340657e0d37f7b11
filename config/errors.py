"""What services raise when the answer to a person is no."""

from config.words.said import Words, read


class Refused(Exception):
    """A rule says no; what it says is a sentence for the person who asked.

    `str` is that sentence, `said` what to keep where it is kept (see `config.words`).
    """

    @property
    def said(self) -> Words:
        return read(self.args[0]) if self.args else ""
