import numpy as np
import pytest

from evaluation.statistics.ranking import Options, count
from evaluation.statistics.records.judgements import names_of, read_rows
from evaluation.statistics.records.rules import QUARTILES
from evaluation.statistics.voters.screening import (
    consistency_flag,
    flagged_voters,
    gold_flag,
    haste_flag,
    side_flag,
)

from .published import row


def crowd(rng, odd="", voters=8, votes=40):
    """Voters who prefer a > b > c on random sides; `odd` votes the other way round."""
    rows = []
    for voter in range(voters):
        for _ in range(votes):
            i, j = (str(name) for name in rng.permutation(list("abc"))[:2])
            right = (i < j) == (rng.random() < 0.85)
            if str(voter) == odd:
                right = not right
            rows.append(row(i, j, "left" if right else "right", voter=str(voter)))
    return rows


def screen(rows, **more):
    judgements = read_rows(rows)
    counts = count(judgements, names_of(judgements))
    return flagged_voters(judgements, counts, Options(), **more)


def test_a_steady_crowd_is_not_flagged():
    assert screen(crowd(np.random.default_rng(4))) == {}


def test_a_contrary_voter_is_unlikely():
    assert screen(crowd(np.random.default_rng(4), odd="3")) == {"3": ["likelihood"]}


def test_always_left_is_flagged():
    rows = crowd(np.random.default_rng(2)) + [
        row(*("ab" if n % 2 else "ba"), voter="lefty") for n in range(20)
    ]
    assert "side" in screen(rows)["lefty"]


def test_rules_about_time_gold_and_repeats():
    rows = crowd(np.random.default_rng(4))
    found = screen(rows, gold={"0": (2, 6)}, repeats={"1": (5, 12)}, seconds={"2": [0.9, 1.1, 4.0]})
    assert found == {"0": ["gold"], "1": ["consistency"], "2": ["haste"]}


def test_gold_needs_five_and_forgives_one_slip():
    assert not gold_flag(0, 4)
    assert not gold_flag(4, 5)
    assert gold_flag(3, 5)


def test_limits_of_the_other_rules():
    assert side_flag(18, 2) and not side_flag(13, 7) and not side_flag(0, 0)
    assert consistency_flag(5, 10) and not consistency_flag(6, 10) and not consistency_flag(0, 9)
    assert haste_flag([1.0, 1.2, 9.0]) and not haste_flag([]) and not haste_flag([2.0])


def careless(rng, kinds, votes=120, gap=0.9):
    """Voters by kind: g prefers a > b > c > d, r answers at random, o the opposite of what she sees."""
    rows = []
    for voter, kind in enumerate(kinds):
        for _ in range(votes):
            i, j = (str(name) for name in rng.permutation(list("abcd"))[:2])
            chance = 1 / (1 + np.exp(gap * (ord(i) - ord(j))))
            left = rng.random() < {"g": chance, "r": 0.5, "o": 1 - chance}[kind]
            rows.append(row(i, j, "left" if left else "right", voter=str(voter)))
    return rows


@pytest.mark.parametrize("kinds", ["gggggggrrr", "gggggggorr", "gggggggooo", "ggo", "ggggggrrrr"])
def test_careless_voters_do_not_hide_each_other(kinds):
    found = screen(careless(np.random.default_rng(8), kinds))
    odd = {str(voter) for voter, kind in enumerate(kinds) if kind != "g"}
    assert {voter for voter, rules in found.items() if "likelihood" in rules} == odd


def test_the_first_rule_was_blind_to_three_of_ten():
    rows = careless(np.random.default_rng(8), "gggggggrrr")
    found = screen(rows, rules=QUARTILES)
    assert not any("likelihood" in rules for rules in found.values())


def test_who_follows_the_others_is_flagged_once_in_a_hundred_at_most():
    rng, flagged = np.random.default_rng(5), 0
    for _ in range(40):
        rows = careless(rng, "g" * 10, votes=30, gap=0.4)
        flagged += sum("likelihood" in rules for rules in screen(rows).values())
    assert flagged <= 4  # of 400


def test_of_two_voters_nobody_knows_which_is_the_odd_one():
    found = screen(careless(np.random.default_rng(8), "go"))
    assert not any("likelihood" in rules for rules in found.values())
