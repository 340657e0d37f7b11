import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.integrate import quad

from config.words.wall import in_words
from evaluation.statistics.e_values import Contest, evidence, log_bar, log_evidence, share_sequence


@pytest.mark.parametrize(
    ("wins", "losses", "published"),
    [(0, 0, 1), (1, 0, 1.5), (9, 0, 102.3), (24, 6, 116.615), (31, 8, 446.743), (60, 30, 40.389)],
)
def test_published_evidence(wins, losses, published):
    assert float(evidence(wins, losses)) == pytest.approx(published, rel=2e-5)


def test_evidence_is_the_mixture_it_claims_to_be():
    mean, _ = quad(lambda t: 2 * (2 * t) ** 7 * (2 * (1 - t)) ** 3, 0.5, 1)
    assert float(evidence(7, 3)) == pytest.approx(mean, rel=1e-10)


@pytest.mark.parametrize("counts", [(0, 5), (3, 40), (17, 17), (400, 390), (5, 900), (900, 5)])
def test_logarithm_agrees_with_the_integers(counts):
    exact = evidence(*counts)
    expected = math.log(exact.numerator) - math.log(exact.denominator)
    assert log_evidence(*counts) == pytest.approx(expected, abs=1e-8)


def test_evidence_is_fair_when_both_are_equal():
    after = Fraction(1, 2) * (evidence(6, 4) + evidence(5, 5))
    assert after == evidence(5, 4)


def test_a_hundred_thousand_votes_do_not_overflow():
    assert 1000 < log_evidence(60_000, 40_000) < math.inf
    assert -math.inf < log_evidence(40_000, 60_000) < 0


@pytest.mark.parametrize(("losses", "least"), [(0, 9), (5, 22), (10, 32), (20, 48), (30, 64)])
def test_least_wins_that_throw_out_one_of_six(losses, least):
    bar = log_bar(6, 0.05)
    assert log_evidence(least, losses) >= bar > log_evidence(least - 1, losses)


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        evidence(-1, 2)


def test_share_sequence_holds_the_share_and_shrinks():
    wide, tight = share_sequence(12, 8), share_sequence(120, 80)
    assert wide[0] < tight[0] < 0.6 < tight[1] < wide[1]
    assert share_sequence(0, 0) == (0.0, 1.0)
    assert share_sequence(5, 0)[1] == 1.0


@pytest.mark.parametrize(("half_width", "votes"), [(0.05, 1264), (0.10, 276)])
def test_votes_that_practical_equality_takes(half_width, votes):
    low, high = share_sequence(votes // 2, votes // 2)
    assert 0.5 - half_width <= low + 1e-3
    assert high - 1e-3 <= 0.5 + half_width
    fewer = share_sequence(votes // 2 - 20, votes // 2 - 20)
    assert fewer[0] < 0.5 - half_width


def test_the_last_one_alive_wins_and_later_votes_change_nothing():
    contest = Contest(("a", "b", "c"))
    for loser in "bc":
        for _ in range(20):
            contest.add("a", [loser])
    assert contest.winner == "a"
    decided = list(contest.eliminated)
    for _ in range(200):
        contest.add("b", ["a"])
    assert (contest.winner, contest.eliminated) == ("a", decided)


def test_an_elimination_is_a_sentence():
    contest = Contest(("a", "b"))
    for _ in range(9):
        contest.add("a", ["b"])
    assert in_words(contest.eliminated[0].said) == "a beat b 7 to 0."


def test_two_equal_models_end_as_equal():
    contest = Contest(("a", "b"), band=(0.4, 0.6))
    for vote in range(400):
        contest.add(*(("a", ["b"]) if vote % 2 else ("b", ["a"])))
    assert contest.equal == ("a", "b")
    assert contest.winner is None


def test_best_of_four_counts_once_against_each_other():
    contest = Contest(("a", "b", "c", "d"))
    contest.add("a", ["b", "c", "d"])
    assert contest.wins == {("a", "b"): 1, ("a", "c"): 1, ("a", "d"): 1}


@pytest.mark.slow
def test_a_study_of_equals_seldom_names_a_winner():
    rng, wrong = np.random.default_rng(31), 0
    for _ in range(400):
        contest = Contest(("a", "b"), band=None)
        for left in rng.random(600) < 0.5:
            contest.add(*(("a", ["b"]) if left else ("b", ["a"])))
            if contest.decided:
                break
        wrong += contest.winner is not None
    assert wrong / 400 <= 0.10  # alpha = 5 % for each of the two: either may be thrown out
