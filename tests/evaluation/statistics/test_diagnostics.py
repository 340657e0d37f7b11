import numpy as np
import pytest

from config.words.wall import in_words
from evaluation.statistics.ranking import Options
from evaluation.statistics.records.judgements import read_rows
from evaluation.statistics.tally import tally

from .published import row


def flags(rows, **options):
    return tally(read_rows(rows), options=Options(resamples=20, **options))["flags"]


def both_ways(first, second, times=3):
    return [row(first, second)] * times + [row(second, first)] * times


def test_two_islands_are_named():
    found = flags(both_ways("a", "b") + both_ways("c", "d"))
    assert "a, b | c, d" in in_words(found["disconnected"]["text"])


def test_an_all_winner_is_separated_but_connected():
    found = flags([row("a", "b"), row("a", "c")] * 5 + both_ways("b", "c"))
    assert "a | b, c" in in_words(found["separation"]["text"])
    assert "disconnected" not in found


def test_a_tie_counts_both_ways():
    assert "separation" not in flags([row("a", "b")] * 5 + [row("a", "b", "equal")])


def test_a_pure_cycle_is_flagged_and_ranks_all_equal():
    rows = [row(*pair) for pair in ("ab", "bc", "ca")] * 6
    found = tally(read_rows(rows), options=Options(side=False, resamples=20))
    assert found["flags"]["cycle"]["names"] == ["a", "b", "c"]
    assert set(found["ranks"].values()) == {1}


def test_a_pure_cycle_is_no_fit():
    rows = [row(*pair) for pair in ("ab", "bc", "ca")] * 12
    assert flags(rows, side=False)["misfit"]["names"]


@pytest.mark.parametrize(
    "rows",
    [[row("a", "b", "equal")] * 9, [row("a", "b")], [row("a", "b", "skip")] * 4, []],
    ids=["all ties", "one vote", "only skips", "no rows"],
)
def test_degenerate_votes_give_no_number(rows):
    found = tally(read_rows(rows))
    assert "degenerate" in found["flags"]
    assert set(found["strengths"].values()) <= {None}
    assert found["winner"] is None


def test_without_prior_a_separated_table_has_no_number():
    found = tally(read_rows([row("a", "b")] * 9), options=Options(prior=None))
    assert found["strengths"] == {"a": None, "b": None}


def test_a_left_effect_is_flagged_with_its_side():
    rows = [row("a", "b"), row("b", "a")] * 30 + [row("a", "b", "right")] * 9
    assert "left side" in in_words(flags(rows)["left_effect"]["text"])


def test_a_fitting_table_raises_no_doubt():
    rng = np.random.default_rng(6)
    theta = dict(zip("abcd", (0.9, 0.3, -0.3, -0.9), strict=True))
    rows = []
    for _ in range(800):
        i, j = (str(name) for name in rng.permutation(list(theta))[:2])
        won = rng.random() < 1 / (1 + np.exp(theta[j] - theta[i]))
        rows.append(row(i, j, "left" if won else "right"))
    assert flags(rows) == {}
