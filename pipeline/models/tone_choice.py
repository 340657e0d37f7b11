"""What somebody chose for the tones: off, as the photograph calls for, or a strength."""

from typing import Literal

from config.errors import Refused

ToneChoice = float | Literal["auto"] | None
AUTO: Literal["auto"] = "auto"
OFF = "off"
WRONG = "Tones are “off”, “auto” or a number from 0 to 1"


def tone_choice(said: str) -> ToneChoice:
    """Of a word or number as people write it; None is off, as 0 is. Refused with a sentence."""
    word = said.strip().lower()
    if word in ("", OFF):
        return None
    if word == AUTO:
        return AUTO
    try:
        strength = float(word)
    except ValueError:
        raise Refused(f"{WRONG}, not “{said[:40]}”.") from None
    return checked(strength) or None


def checked(choice: object) -> ToneChoice:
    """The choice as it is kept in a row's JSON; Refused on what is none."""
    if choice is None:
        return None
    if choice == AUTO:
        return AUTO
    if isinstance(choice, int | float) and not isinstance(choice, bool) and 0 <= choice <= 1:
        return float(choice)
    raise Refused(f"{WRONG}, not {choice!r}.")
