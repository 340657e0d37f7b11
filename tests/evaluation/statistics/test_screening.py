import numpy as np

from evaluation.statistics.ranking import Options, count
from evaluation.statistics.records.judgements import names_of, read_rows
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
