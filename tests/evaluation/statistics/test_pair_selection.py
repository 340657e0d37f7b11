from itertools import combinations

import numpy as np
import pytest
from scipy.stats import binom

from evaluation.statistics.e_values import Contest
from evaluation.statistics.pair_selection import PairRule, posterior, top_two


def test_the_opening_is_each_pair_once():
    rule = PairRule(5, np.random.default_rng(0))
    shown = [tuple(sorted(rule.next_pair(list(range(5))))) for _ in range(10)]
    assert sorted(shown) == list(combinations(range(5), 2))


def test_a_dead_model_is_never_shown():
    rule = PairRule(4, np.random.default_rng(1))
    assert all(2 not in rule.next_pair([0, 1, 3]) for _ in range(300))


def test_one_model_alone_is_refused():
    with pytest.raises(ValueError, match="two models"):
        PairRule(3, np.random.default_rng(2)).next_pair([1])


def test_the_posterior_orders_by_wins_and_shrinks_towards_zero():
    wins = np.array([[0, 9, 9], [1, 0, 6], [1, 4, 0]], float)
    belief = posterior(wins, np.zeros((3, 3)))
    assert belief.theta[0] > belief.theta[1] > belief.theta[2]
    assert posterior(np.zeros((3, 3)), np.zeros((3, 3))).theta == pytest.approx([0, 0, 0])


def test_the_mode_has_no_slope_left():
    wins, ties = np.array([[0, 40.0], [3, 0]]), np.array([[0, 4.0], [4, 0]])
    theta = posterior(wins, ties).theta
    p = 1 / (1 + np.exp(theta[1] - theta[0]))
    assert 42 - 47 * p - theta[0] == pytest.approx(0, abs=1e-6)


def test_top_two_prefers_the_strong():
    wins = np.array([[0, 5, 30, 30], [5, 0, 30, 30], [2, 2, 0, 5], [2, 2, 5, 0]], float)
    belief, rng = posterior(wins, np.zeros((4, 4))), np.random.default_rng(3)
    shown = [set(top_two(belief, [0, 1, 2, 3], rng)) for _ in range(200)]
    assert sum(pair == {0, 1} for pair in shown) > 150


def votes_to_decide(theta, rng, cap=3000):
    """One simulated study with ties, a left bias and careless clicks; (winner, votes)."""
    models = len(theta)
    rule, contest = PairRule(models, rng), Contest(tuple("abcdef"[:models]))
    wins, ties = np.zeros((models, models)), np.zeros((models, models))
    for vote in range(1, cap + 1):
        alive = [contest.names.index(name) for name in contest.alive]
        i, j = rng.permutation(rule.next_pair(alive))
        eta = theta[i] - theta[j] + 0.15
        p = np.array([np.exp(eta / 2), np.exp(-eta / 2), 0.35])
        p = 0.97 * p / p.sum() + 0.03 / 3
        drawn = rng.choice(3, p=p)
        if drawn == 2:
            ties[i, j] += 1
            ties[j, i] += 1
        else:
            winner, loser = (i, j) if drawn == 0 else (j, i)
            wins[winner, loser] += 1
            contest.add(contest.names[winner], [contest.names[loser]])
        if contest.decided:
            return contest.winner, vote
        if vote % 10 == 0:
            rule.refresh(wins, ties)
    return None, cap


@pytest.mark.slow
def test_the_best_of_six_is_found_within_450_votes():
    lead = np.log(65 / 35)
    theta = np.array([lead, 0, -0.3, -0.6, -0.9, -1.2])
    rng = np.random.default_rng(65)
    runs = [votes_to_decide(theta, rng) for _ in range(60)]
    assert {winner for winner, _ in runs} == {"a"}
    assert np.median([votes for _, votes in runs]) <= 450


@pytest.mark.slow
def test_two_tied_best_rarely_give_a_winner():
    rng = np.random.default_rng(50)
    runs = [votes_to_decide(np.array([0.6, 0.6, 0, -0.3, -0.6, -0.9]), rng, 800) for _ in range(60)]
    wrong = sum(winner is not None for winner, _ in runs)
    assert wrong <= binom.ppf(0.99, 60, 0.05)  # a naive rule is wrong about 16 times
