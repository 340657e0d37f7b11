"""What a decision says: a code with parameters, JSON-ready. The site puts it into words.

Older releases kept English sentences in a decision. Those are frozen here, so that an old export
replays word for word; what people read today is written elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Said = dict[str, Any]


def said(code: str, /, **params: Any) -> Said:
    return {"code": code, "with": params}


def is_said(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"code", "with"}


VOTERS = "{count} unflagged voters, the busiest cast {share:.0%} of the votes"
LEFT = "It stood on the left in {left} of {pairs} pairs"
UNDEFINED = "The strengths are undefined: "
PREFERRED = "side is preferred: it wins {share:.0%} of decisive votes between equals."
OLD = {
    "verdict.beat": "{by} beat {name} {wins} to {losses}.",
    "verdict.wins": "{winner} wins: every other candidate was beaten.",
    "verdict.equal": "{first} and {second} are equal for practical purposes.",
    "verdict.no-vote": "There is no decisive vote.",
    "verdict.still-in": "Still in: {names}.",
    "verdict.unclear": "There is no clear difference.",
    "verdict.left-alone": "{name} is left, but no winner is named.",
    "verdict.free": "This study rates sets of pictures: it promotes nothing.",
    "verdict.from-files": "{winner} is a set of pictures from files: it has no weights to promote,"
    " and nobody is promoted in its place. Production stays as it is.",
    "guard.both-bad": "{rate:.0%} of its ballots were called both bad; the limit is {limit:.0%}.",
    "guard.category-against": "In {category}, {rival} beat it {wins} to {losses}.",
    "guard.study-against": "In this study, {rival} beat it {wins} to {losses}.",
    "guard.categories-hold": "No category speaks against it.",
    "guard.sides-preferred": LEFT + ", and voters prefer one side.",
    "guard.sides-even": LEFT + "; voters prefer no side.",
    "guard.scale-holds": "All candidates hang together and the scale fits it.",
    "guard.few-voters": VOTERS + "; {needed} voters are needed.",
    "guard.busy-voter": VOTERS + "; the limit is {limit:.0%}.",
    "guard.voters-hold": VOTERS + ".",
    "guard.one-voter-leads": "Without voter {number}, {name} would rank first.",
    "guard.one-voter-beats": "Without voter {number}, {name} would have thrown it out.",
    "guard.one-voter-holds": "No single voter decides: without any one it still leads.",
    "doubt.no-votes": UNDEFINED + "no votes that count.",
    "doubt.all-ties": UNDEFINED + "all {count} votes are ties.",
    "doubt.single-vote": UNDEFINED + "there is a single vote.",
    "doubt.islands": "Nobody compared these groups with each other: {groups}. Strengths across"
    " groups mean nothing.",
    "doubt.separation": "Between these groups nobody ever won both ways: {groups}. Their finite"
    " distance comes from the prior alone.",
    "doubt.circles": "The majorities run in a circle: {circles}.",
    "doubt.circle": "{first} over {second} over {third} over {first}",
    "doubt.left-side": "The left " + PREFERRED,
    "doubt.right-side": "The right " + PREFERRED,
    "doubt.misfit": "One scale does not explain these votes (p = {p:.3f}), most of all {pairs}.",
    "doubt.pair": "{first} against {second}",
    "agreement.no-pairs": "no unit has two values",
    "agreement.one-category": "all values are one category",
    "agreement.uneven": "units differ in how often they were rated",
}


def old_sentence(thing: Said) -> str:
    """Word for word as decisions said it while they were kept in English."""
    return OLD[thing["code"]].format(**{key: _old(each) for key, each in thing["with"].items()})


def _old(value: Any) -> Any:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return value
    if any(map(is_said, value)):
        return "; ".join(map(old_sentence, value))
    nested = any(isinstance(each, Sequence) and not isinstance(each, str) for each in value)
    return (" | " if nested else ", ").join(str(_old(each)) for each in value)
