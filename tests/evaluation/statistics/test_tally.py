import json

import pytest

from config.words.wall import in_words
from evaluation.statistics.ranking import Options
from evaluation.statistics.records.judgements import read_rows
from evaluation.statistics.records.rules import QUARTILES
from evaluation.statistics.tally import tally

from .published import row

QUICK = Options(resamples=20)


def test_a_clear_winner_is_named_with_the_reasons():
    rows = [row("a", "b"), row("c", "a", "right"), row("b", "c"), row("c", "b")] * 12
    found = tally(read_rows(rows), options=QUICK, reference="b")
    assert found["winner"] == "a"
    assert in_words(found["reasons"][0]).startswith("a beat")
    assert in_words(found["reasons"][-1]) == "a wins: every other candidate was beaten."
    assert set(found["eliminated"]) == {"b", "c"}
    assert found["ranks"]["a"] == 1 and found["strengths"]["b"] == 0


def test_both_bad_is_no_tie():
    rows = [row("a", "b"), row("b", "a")] * 5 + [row("a", "b", "both_bad")] * 10
    found = tally(read_rows(rows), options=QUICK)
    assert found["both_bad_rates"] == {"a": 0.5, "b": 0.5}
    assert found["tie"] is None
    assert in_words(found["reasons"][-1]) == "There is no clear difference."


def test_skips_count_nowhere():
    rows = [row("a", "b"), row("b", "a"), row("a", "b", "both_bad")] * 3
    skips = [row("a", "b", "skip")] * 30
    with_skips, without = (tally(read_rows(r), options=QUICK) for r in (rows + skips, rows))
    assert with_skips == without


def test_the_same_votes_give_the_same_json():
    rows = [row("a", "b", voter="x", photo="1"), row("b", "a", voter="y", photo="2")] * 9
    first, second = (json.dumps(tally(read_rows(rows), options=QUICK)) for _ in range(2))
    assert first == second


def test_an_unknown_reference_is_refused():
    with pytest.raises(ValueError, match="'z' is not among the candidates: a, b"):
        tally(read_rows([row("a", "b")] * 2), reference="z")


def test_a_candidate_without_votes_stands_in_the_table():
    found = tally(read_rows([row("a", "b"), row("b", "a")] * 4), options=QUICK, names="abc")
    assert "c" in found["strengths"]
    assert "c" in found["flags"]["disconnected"]["names"]


def test_categories_pull_towards_each_other():
    rows = [row("a", "b", category="faces")] * 30 + [row("b", "a", category="faces")] * 10
    rows += [row("b", "a", category="hands")] * 2
    options = Options(side=False, resamples=20)
    found = tally(read_rows(rows), options=options, reference="b")["categories"]
    assert found["faces"]["b"] == found["hands"]["b"] == 0
    assert 0.9 < found["faces"]["a"] < 1.2  # log 3 is 1.1
    alone = tally(read_rows(rows[40:]), options=options, reference="b")["strengths"]["a"]
    assert found["hands"]["a"] < found["faces"]["a"]
    assert alone < -1 < -0.3 < found["hands"]["a"]


def test_one_category_is_no_division():
    assert tally(read_rows([row("a", "b", category="x")] * 3), options=QUICK)["categories"] == {}


def test_haste_needs_times():
    rows = [row("a", "b", voter="fast"), row("b", "a", voter="slow")] * 5
    found = tally(read_rows(rows), options=QUICK, seconds={"fast": [0.5] * 5, "slow": [4.0] * 5})
    assert found["flagged_voters"] == {"fast": ["haste"]}


def circle():
    """a throws b out, then b throws c out; at last c goes past a far enough to have evidence."""
    rows = [row("a", "b")] * 12 + [row("b", "c")] * 12 + [row("c", "a")] * 14
    return read_rows(rows)


def test_no_winner_is_named_in_a_circle():
    found = tally(circle(), options=QUICK, names="abc")
    assert found["winner"] is None and found["decided_at"] is None
    assert in_words(found["withheld"]) == "c beat a 14 to 0."
    assert in_words(found["reasons"][-1]) == "a is left, but no winner is named."


def test_the_first_rules_named_whoever_was_left():
    found = tally(circle(), options=QUICK, names="abc", rules=QUARTILES)
    assert found["winner"] == "a" and "withheld" not in found


def test_a_circle_of_majorities_alone_withholds_the_winner():
    rows = [row("a", "b")] * 12 + [row("b", "c")] * 12 + [row("c", "a")] * 2
    found = tally(read_rows(rows), options=QUICK, names="abc")
    assert found["winner"] is None and "circle" in in_words(found["withheld"])


def test_an_undoubted_winner_is_named():
    found = tally(read_rows([row("a", "b")] * 20), options=QUICK)
    assert found["winner"] == "a" and found["withheld"] is None
