"""What services raise when the answer to a person is no."""


class Refused(Exception):
    """A rule says no; the message is a sentence for the person who asked."""
