import pytest

from evaluation.statistics.records.judgements import BadRow, read_rows

from .published import row


def test_a_pair_row():
    (found,) = read_rows([row("a", "b", "right", voter="v", photo="p")])
    assert (found.winner, found.losers, found.side) == ("b", ("a",), "right")
    assert (found.voter, found.photo) == ("v", "p")


def test_options_make_one_choice_whose_places_are_unknown():
    (found,) = read_rows([row("c", "a", options="a|b|c")])
    assert (found.shown, found.best, found.losers) == (("a", "b", "c"), 2, ("a", "b"))
    assert not found.slots_known


def test_ballots_are_numbered_by_voter():
    rows = [row("a", "b", ballot="1", voter=voter) for voter in "xy"]
    assert len(read_rows(rows)) == 2


def test_rows_of_one_ballot_are_one_choice():
    rows = [row("a", other, ballot="7", options="4") for other in "bcd"]
    (found,) = read_rows(rows)
    assert (found.winner, set(found.losers), found.slots_known) == ("a", {"b", "c", "d"}, False)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([row("a", "b", "lft")], "row 2: outcome 'lft' is not one of"),
        ([row("a", "b"), row("", "b")], "row 3: left is empty"),
        ([row("a", "b"), row("a", "a")], "row 3: left and right are both 'a'"),
        ([row("a", "b", options="a|c|d")], "row 2: 'b' is not among the options"),
        ([row("a", "b", options="a|b|b")], "row 2: options 'a|b|b' repeats"),
        ([row("a", "b", "equal", options="a|b|c")], "row 2: a ballot of more than two"),
        ([row("a", "b", ballot="1"), row("a", "b", ballot="1")], "row 3: ballot '1' is counted"),
        ([row("a", "b", ballot="1"), row("b", "c", ballot="1")], "row 3: ballot '1' already has"),
        ([row("a", "b", ballot="1", options="3")], "row 2: options says 3, the ballot shows 2"),
        ([row("a", "b", options="3")], "row 2: options says 3, and without a ballot"),
        ([{"left": "a", "right": "b"}], "row 2: outcome is empty"),
    ],
)
def test_bad_rows_name_themselves_and_the_reason(rows, reason):
    with pytest.raises(BadRow) as error:
        read_rows(rows)
    assert str(error.value).startswith(reason)
