"""How a parameter is written in a sentence."""

from collections.abc import Callable, Sequence
from typing import Any

from config.words.wall import written


def percent(share: float) -> str:
    """A share 0..1."""
    return f"{share:.0%}"


def grouped(count: int) -> str:
    return f"{count:,}"


def digits(number: int) -> Callable[[float], str]:
    """With so many behind the point."""
    return lambda value: f"{value:.{number}f}"


def apart(parts: Sequence[Any]) -> str:
    """Several phrases, or things said, that stand beside each other."""
    return "; ".join(str(written(part)) for part in parts)


def groups(parts: Sequence[Sequence[str]]) -> str:
    """Lists of names, set apart."""
    return " | ".join(", ".join(names) for names in parts)


def significant(value: float) -> str:
    """Four digits that count."""
    return f"{value:.4g}"


def significant_of(number: int) -> Callable[[float], str]:
    """With so many digits that count."""
    return lambda value: f"{value:.{number}g}"


def tenths(share: float) -> str:
    """A share 0..1 in percent with one digit."""
    return f"{100 * share:.1f} %"


def percent_apart(share: float) -> str:
    """A share 0..1, with a space before the sign."""
    return f"{100 * share:.0f} %"


def hundredths(share: float) -> str:
    """A share 0..1 in percent with two digits."""
    return f"{100 * share:.2f} %"


def unless_none(shape: Callable[[Any], str]) -> Callable[[Any], str]:
    """JSON has no infinity: where none is known it says so."""
    return lambda value: "∞" if value is None else shape(value)


def plain_number(value: float) -> str:
    """Without a point that says nothing: 250, 2.5."""
    return f"{value:g}"
