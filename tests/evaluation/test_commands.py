import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from .statistics import published
from .statistics.published import row


def write(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, sorted({key for r in rows for key in r}))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def refused(*arguments):
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert error.value.returncode == 2
    return str(error.value)


def test_tally_prints_published_numbers(tmp_path):
    votes = write(tmp_path / "votes.csv", published.baseball_rows())
    found = json.loads(run("tally", "--votes", votes, "--json", "--no-prior", "--reference", "Bal"))
    assert found["strengths"] == pytest.approx(published.BASEBALL_HOME, abs=1e-3)


def test_tally_speaks_to_people(tmp_path):
    votes = write(tmp_path / "votes.csv", [row("new", "old")] * 9 + [row("old", "new")])
    said = run("tally", "--votes", votes)
    assert "new beat old" in said and said.strip().endswith("every other candidate was beaten.")


def test_tally_names_the_bad_row(tmp_path):
    votes = write(tmp_path / "votes.csv", [row("a", "b"), row("a", "b", "LEFT")])
    assert refused("tally", "--votes", votes).startswith("row 3: outcome 'LEFT'")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"left,right\na,b\n", "row 1: the column 'outcome' is missing"),
        (b"left,right,outcome\na,b,left,zz\n", "row 2: has more cells"),
        (b"\xff\xfe\x00", "row 1: votes.csv is not UTF-8"),
        (b"", "row 1: the column 'left' is missing"),
    ],
)
def test_tally_refuses_broken_files(tmp_path, text, reason):
    path = tmp_path / "votes.csv"
    path.write_bytes(text)
    assert refused("tally", "--votes", str(path)).startswith(reason)


def test_tally_refuses_a_missing_file_and_a_bad_alpha(tmp_path):
    assert "No such file" in refused("tally", "--votes", str(tmp_path / "none.csv"))
    assert "--alpha" in refused("tally", "--votes", "x.csv", "--alpha", "2")


def test_tally_refuses_an_unknown_reference(tmp_path):
    votes = write(tmp_path / "votes.csv", [row("a", "b")] * 2)
    assert "'z' is not among" in refused("tally", "--votes", votes, "--reference", "z")


def test_tally_of_no_votes_is_undefined(tmp_path):
    path = tmp_path / "votes.csv"
    path.write_text("left,right,outcome\n")
    found = json.loads(run("tally", "--votes", str(path), "--json"))
    assert found["winner"] is None and "degenerate" in found["flags"]


def ratings_file(tmp_path, ratings):
    rows = [{"unit": u, "rater": r, "value": v} for u, r, v in ratings]
    return write(tmp_path / "ratings.csv", rows)


@pytest.mark.parametrize(("level", "expected"), published.KRIPPENDORFF_ANSWER.items())
def test_agreement_prints_published_alpha(tmp_path, level, expected):
    path = ratings_file(tmp_path, published.krippendorff_ratings())
    found = json.loads(run("agreement", "--ratings", path, "--level", level, "--json"))
    assert found["krippendorff_alpha"] == pytest.approx(expected, abs=1e-3)
    assert found["fleiss_kappa"] is None


def test_agreement_prints_fleiss_kappa(tmp_path):
    ratings = []
    for unit, counts in enumerate(published.FLEISS):
        values = [value for value, times in enumerate(counts) for _ in range(times)]
        ratings += [(unit, rater, value) for rater, value in enumerate(values)]
    found = json.loads(run("agreement", "--ratings", ratings_file(tmp_path, ratings), "--json"))
    assert found["fleiss_kappa"] == pytest.approx(published.FLEISS_KAPPA, abs=1e-3)


def test_agreement_says_undefined(tmp_path):
    path = ratings_file(tmp_path, [("1", "x", "a"), ("1", "y", "a")])
    assert "undefined: all values are one category" in run("agreement", "--ratings", path)


def test_agreement_refuses_words_as_numbers(tmp_path):
    path = ratings_file(tmp_path, [("1", "x", "a"), ("1", "y", "b")])
    assert "not a number" in refused("agreement", "--ratings", path, "--level", "interval")


def test_the_first_name_is_zero_where_no_reference_is_given(tmp_path):
    votes = write(tmp_path / "votes.csv", [row("b", "a")] * 5 + [row("a", "b")] * 3)
    assert json.loads(run("tally", "--votes", votes, "--json"))["strengths"]["a"] == 0


def test_a_best_of_n_row_names_its_winner_or_none(tmp_path):
    path = tmp_path / "votes.csv"
    rows = [",,a,a|b|c"] * 5 + [",,c,b|a|c"] * 3 + ["a,b,none,a|b|c"] * 2
    path.write_text("\n".join(["left,right,outcome,options", *rows]))
    found = json.loads(run("tally", "--votes", str(path), "--json"))
    assert found["strengths"]["a"] > found["strengths"]["c"] > found["strengths"]["b"]
    assert found["both_bad_rates"] == pytest.approx(dict.fromkeys("abc", 0.2))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",,z,a|b|c", "row 2: outcome 'z' is not one of"),
        (",,a,a|a|c", "row 2: options 'a|a|c' repeats"),
        ("a,z,left,a|b|c", "row 2: 'z' is not among the options"),
        (",,left,a|b|c", "row 2: outcome 'left' is not one of"),
        (",,equal,a|b|c", "row 2: a ballot of more than two"),
        (",b,left,", "row 2: left is empty"),
    ],
)
def test_a_bad_best_of_n_row_is_named(tmp_path, line, reason):
    path = tmp_path / "votes.csv"
    path.write_text(f"left,right,outcome,options\n{line}\n")
    assert refused("tally", "--votes", str(path)).startswith(reason)


def test_agreement_says_why_a_number_is_missing(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("rater,unit,value\nann,1,x\nben,1,y\nann,2,x\nben,2,x\ncat,2,x\n")
    found = json.loads(run("agreement", "--ratings", str(path), "--json"))
    assert found["krippendorff_alpha"] is not None
    assert found["fleiss_kappa"] is None
    assert found["reasons"]["fleiss_kappa"] == "units differ in how often they were rated"
    assert found["reasons"]["fleiss_kappa_said"]["code"] == "agreement.uneven"
