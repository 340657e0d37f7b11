import numpy as np
import pytest

from evaluation.statistics.likelihood import Prior, fit, pair_probabilities
from evaluation.statistics.ranking import Options, bootstrap, count, estimate, multiplicities, ranks
from evaluation.statistics.records.judgements import read_rows
from evaluation.statistics.tally import tally

from . import published
from .published import row

PLAIN = Options(prior=None, side=False, resamples=20)


def strengths(rows, **options):
    found = tally(read_rows(rows), options=Options(prior=None, resamples=20, **options))
    worth = np.exp(list(found["strengths"].values()))
    return dict(zip(found["strengths"], worth / worth.sum(), strict=True))


def ring(models, rng, votes=400, ties=True):
    """A dense random table with a side effect and ties."""
    theta = rng.normal(0, 0.6, models)
    rows = []
    for _ in range(votes):
        i, j = rng.permutation(models)[:2]
        x = np.exp(np.array([theta[i] - theta[j] + 0.2, theta[j] - theta[i] - 0.2, -0.5]) / 2)
        x[2] = 0.4 if ties else 0.0
        outcome = rng.choice(["left", "right", "equal"], p=x / x.sum())
        rows.append(row(f"m{i}", f"m{j}", str(outcome)))
    return rows


def test_baseball_without_home_effect():
    found = tally(read_rows(published.baseball_rows()), options=PLAIN, reference="Bal")
    assert found["strengths"] == pytest.approx(published.BASEBALL_PLAIN, abs=1e-4)
    assert found["standard_errors"]["Mil"] == pytest.approx(0.3433, abs=1e-4)


def test_baseball_with_home_effect():
    options = Options(prior=None, resamples=20)
    found = tally(read_rows(published.baseball_rows()), options=options, reference="Bal")
    assert found["strengths"] == pytest.approx(published.BASEBALL_HOME, abs=1e-4)
    assert found["left_effect"] == pytest.approx(published.HOME_EFFECT, abs=1e-4)
    assert found["left_effect_standard_error"] == pytest.approx(0.1309, abs=1e-4)


def test_journal_citations():
    found = tally(read_rows(published.citation_rows()), options=PLAIN, reference="Biometrika")
    assert found["strengths"] == pytest.approx(published.CITATIONS_ANSWER, abs=1e-4)


def test_davidsons_puddings():
    found = tally(read_rows(published.pudding_rows()), options=PLAIN)
    worth = np.exp(list(found["strengths"].values()))
    assert worth / worth.sum() == pytest.approx(published.PUDDINGS_WORTHS, abs=1e-4)
    assert found["tie"] == pytest.approx(published.PUDDINGS_NU, abs=1e-4)


def test_puddings_log_likelihood():
    counts = count(read_rows(published.pudding_rows()), list("123456"))
    pairs, _ = counts.tables()
    found = fit(pairs, side=False)
    p = pair_probabilities(found.theta, found.left, found.log_tie)
    logs = np.log(p, where=pairs > 0, out=np.zeros_like(pairs))
    assert (pairs * logs).sum() == pytest.approx(published.PUDDINGS_LOG_LIKELIHOOD, abs=1e-3)


def test_half_ties_agree_with_evalica():
    evalica = pytest.importorskip("evalica")
    winner = {"left": evalica.Winner.X, "right": evalica.Winner.Y, "equal": evalica.Winner.Draw}
    rows = ring(5, np.random.default_rng(3))
    theirs = evalica.bradley_terry(
        [r["left"] for r in rows],
        [r["right"] for r in rows],
        [winner[r["outcome"]] for r in rows],
        tolerance=1e-12,
        limit=10_000,
    ).scores
    theirs = (theirs / theirs.sum()).to_dict()
    assert strengths(rows, ties="half", side=False) == pytest.approx(theirs, abs=1e-4)


def test_the_order_of_votes_does_not_move_the_ranking():
    rng = np.random.default_rng(5)
    rows = ring(4, rng)
    mixed = [rows[index] for index in rng.permutation(len(rows))]
    assert strengths(mixed) == pytest.approx(strengths(rows), abs=1e-9)


def test_best_of_two_is_a_pair():
    rng = np.random.default_rng(8)
    pairs = ring(4, rng, ties=False)
    judgements = read_rows(pairs)
    names = sorted({name for j in judgements for name in j.shown})
    counts = count(judgements, names)
    found = fit(counts.tables()[0], ties=False)
    index = {name: k for k, name in enumerate(names)}
    screens = sorted({j.shown for j in judgements})
    from evaluation.statistics.likelihood import ChoiceSets

    sets = ChoiceSets(
        np.array([[index[name] for name in shown] for shown in screens]),
        np.tile([1.0, 0.0], (len(screens), 1)),
    )
    choices = np.zeros((1, len(screens), 2))
    for j in judgements:
        choices[0, screens.index(j.shown), j.best] += 1
    luce = fit(np.zeros((1, 4, 4, 3)), choices=choices, sets=sets, ties=False)
    assert luce.theta == pytest.approx(found.theta, abs=1e-8)
    assert luce.left == pytest.approx(found.left, abs=1e-8)


def test_luce_choices_recover_the_strengths_they_came_from():
    rng = np.random.default_rng(13)
    theta = {"a": 1.0, "b": 0.3, "c": -0.2, "d": -1.1}
    rows = []
    for _ in range(4000):
        shown = [str(name) for name in rng.permutation(list(theta))[:3]]
        worth = np.exp([theta[name] for name in shown])
        best = shown[rng.choice(3, p=worth / worth.sum())]
        other = next(name for name in shown if name != best)
        rows.append(row(best, other, options="|".join(shown)))
    found = tally(read_rows(rows), options=PLAIN, reference="d")["strengths"]
    assert found == pytest.approx({k: v + 1.1 for k, v in theta.items()}, abs=0.15)


def test_a_list_that_begins_with_the_winner_is_no_side_effect():
    rows = [row("a", "b", options="a|b|c")] * 9 + [row("b", "a", options="b|a|c")] * 6
    rows += [row("c", "a", options="c|a|b")] * 3
    found = tally(read_rows(rows), options=Options(prior=None, resamples=20), reference="c")
    assert found["strengths"]["a"] == pytest.approx(np.log(3), abs=1e-6)
    assert found["left_effect"] is None


def test_luce_gradient_is_the_slope_of_its_likelihood():
    rows = [row("a", "b", options="a|b|c")] * 5 + [row("b", "a", options="b|c|a")] * 4
    rows += [row("c", "a", options="c|a|b")] * 3
    judgements = read_rows(rows)
    found = fit(
        np.zeros((1, 3, 3, 3)),
        choices=count(judgements, "abc").tables()[1],
        sets=count(judgements, "abc").sets,
        side=False,
        ties=False,
    )
    assert np.exp(found.theta[0] - found.theta[0, 2]) == pytest.approx([5 / 3, 4 / 3, 1], abs=1e-6)


def test_batched_fits_equal_single_ones():
    counts = count(read_rows(ring(4, np.random.default_rng(2))), ["m0", "m1", "m2", "m3"])
    pairs, _ = counts.tables()
    batch = np.concatenate([pairs, pairs[:, ::-1, ::-1], 2 * pairs])
    whole = fit(batch, prior=Prior())
    for item in range(3):
        alone = fit(batch[item : item + 1], prior=Prior())
        assert whole.theta[item] == pytest.approx(alone.theta[0], abs=1e-8)


def test_the_prior_keeps_an_all_winner_finite():
    found = tally(read_rows([row("a", "b")] * 20 + [row("b", "c"), row("c", "b")]))
    assert 0 < found["strengths"]["a"] - found["strengths"]["b"] < 8
    assert "separation" in found["flags"]


def test_bootstrap_interval_has_the_width_of_the_standard_error():
    judgements = read_rows(ring(3, np.random.default_rng(21), votes=900))
    found = tally(judgements, options=Options(prior=None, resamples=600), reference="m0")
    low, high = found["intervals"]["m1"]
    assert (high - low) / 3.92 == pytest.approx(found["standard_errors"]["m1"], rel=0.15)


def test_clusters_widen_the_interval_of_voters_who_think_alike():
    rng = np.random.default_rng(4)
    rows = [
        row("a", "b", "left" if rng.random() < (0.9 if voter % 2 else 0.2) else "right")
        | {"voter": str(voter)}
        for voter in range(10)
        for _ in range(40)
    ]
    alone = [r | {"voter": ""} for r in rows]
    wide, narrow = (tally(read_rows(r), reference="a")["intervals"]["b"] for r in (rows, alone))
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])


def test_multiplicities_are_the_product_of_both_draws():
    rows = [row("a", "b", voter=str(v), photo=str(p)) for v in range(3) for p in range(4)]
    counts = count(read_rows(rows), "ab")
    drawn = multiplicities(counts, 20, np.random.default_rng(0))
    for weights in drawn.weights(0, 20).T:
        assert np.linalg.matrix_rank(weights.reshape(3, 4)) == 1
        assert weights.sum() == 12


def test_equal_strengths_share_a_rank():
    assert ranks([1.0, 2.0, 1.0, 0.0]) == [2, 1, 2, 4]


@pytest.mark.slow
def test_a_thousand_resamples_of_a_hundred_thousand_votes():
    rng = np.random.default_rng(1)
    n, models = 100_000, 20
    pairs = rng.integers(0, models, (n, 2))
    pairs[:, 1] = np.where(pairs[:, 0] == pairs[:, 1], (pairs[:, 1] + 1) % models, pairs[:, 1])
    rows = [
        row(f"m{i}", f"m{j}", ("left", "right", "equal")[o], voter=str(v), photo=str(p))
        for (i, j), o, v, p in zip(
            pairs.tolist(),
            rng.integers(0, 3, n).tolist(),
            rng.integers(0, 50, n).tolist(),
            rng.integers(0, 80, n).tolist(),
            strict=True,
        )
    ]
    counts = count(read_rows(rows), [f"m{k}" for k in range(models)])
    draws = bootstrap(counts, Options(), rng)
    assert draws.theta.shape == (1000, models)
    mean = estimate(counts, counts.tables(), Options(), Prior())
    assert np.abs(draws.theta.mean(axis=0) - mean.theta[0]).max() < 0.05
