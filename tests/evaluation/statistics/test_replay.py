import csv
import io
import json
import zipfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluation import services
from evaluation.models import LESSON, Study
from evaluation.services import control_ballots, exports, votes
from tests.evaluation.conftest import open_now

draw = control_ballots.draw


@pytest.fixture
def export(study, voters, admin, tmp_path):
    """A closed study of eighteen votes, one of them taken back, as its zip."""
    for turn in range(18):  # too few for a decision
        voter = voters[turn % 6]
        ballot = votes.next_ballot(study=study, voter=voter)
        outcome = "left" if (ballot.slots[0] < ballot.slots[1]) == bool(turn % 3) else "right"
        votes.cast_vote(ballot=ballot, voter=voter, outcome=outcome, seconds=4)
        if turn == 7:
            votes.take_back(ballot=ballot, voter=voter)
            votes.cast_vote(ballot=ballot, voter=voter, outcome="equal", seconds=4.25)
    study.refresh_from_db()
    services.close_study(study=study, by=admin)
    path = tmp_path / "study.zip"
    path.write_bytes(exports.as_zip(study))
    return path


def replayed(path):
    out = StringIO()
    call_command("replay", str(path), stdout=out)
    return out.getvalue().strip()


def refused(path):
    with pytest.raises(CommandError) as error:
        replayed(path)
    return error.value.returncode, str(error.value)


def changed(path, name, change):
    """The same zip with one of its files changed."""
    with zipfile.ZipFile(path) as archive:
        files = {entry: archive.read(entry).decode() for entry in archive.namelist()}
    files[name] = change(files[name])
    with zipfile.ZipFile(path, "w") as archive:
        for entry, text in files.items():
            archive.writestr(entry, text)
    return path


def edit_rows(change):
    def edit(text):
        rows = list(csv.DictReader(io.StringIO(text)))
        change(rows)
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    return edit


def test_an_untouched_export_matches(export):
    assert replayed(export) == "MATCH"


def test_a_changed_vote_is_told(export):
    def flip(rows):
        record = json.loads(rows[3]["record"])
        record["outcome"] = "both_bad"
        rows[3]["record"] = json.dumps(record, sort_keys=True, separators=(",", ":"))

    code, said = refused(changed(export, "votes.csv", edit_rows(flip)))
    assert (code, said) == (1, "DIFFERENT: the chain of votes breaks at vote 4")


def test_a_missing_last_vote_is_told(export):
    _, said = refused(changed(export, "votes.csv", edit_rows(lambda rows: rows.pop())))
    assert "missing at the end" in said


def test_a_changed_number_is_told(export):
    def change(text):
        decision = json.loads(text)
        decision["strengths"]["candidate 1"] += 1e-6
        return json.dumps(decision)

    code, said = refused(changed(export, "decision.json", change))
    assert code == 1 and said.startswith("DIFFERENT: strengths candidate 1")


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "holiday.zip"
    path.write_bytes(b"no zip")
    code, said = refused(path)
    assert code == 2 and "no export of a study" in said


def test_a_study_that_is_open_has_a_chain_to_check(study, voter, tmp_path):
    ballot = votes.next_ballot(study=study, voter=voter)
    votes.cast_vote(ballot=ballot, voter=voter, outcome="left")
    study.refresh_from_db()
    path = tmp_path / "open.zip"
    path.write_bytes(exports.as_zip(study))
    assert replayed(path) == "MATCH"


def test_the_votes_of_an_export_can_be_counted_by_tally(export, tmp_path):
    with zipfile.ZipFile(export) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("votes.csv").decode())))
    assert {"left", "right", "outcome", "voter", "photo", "category"} <= rows[0].keys()
    assert {row["left"] for row in rows} <= {"candidate 1", "candidate 2", "candidate 3"}


def test_a_study_with_everything_in_it_matches(draft, voters, admin, later, monkeypatch, tmp_path):
    monkeypatch.setattr(control_ballots, "draw", draw)
    monkeypatch.setattr(control_ballots, "GOLD_EVERY", 3)
    Study.objects.filter(pk=draft.pk).update(ballot_size=3, training=True)
    draft.refresh_from_db()
    study = open_now(draft)
    for turn in range(54):
        who = voters[turn % 3]
        ballot = votes.next_ballot(study=study, voter=who)
        outcome = votes.outcomes_of(ballot)[turn // 3 % 3]
        if ballot.kind == "training":
            outcome = ("right", "left")[ballot.slots.index(LESSON)]
        votes.cast_vote(ballot=ballot, voter=who, outcome=outcome, seconds=2.5, reasons=["dull"])
    services.close_study(study=study, by=admin)
    path = tmp_path / "study.zip"
    path.write_bytes(exports.as_zip(study))
    assert {v.record["kind"] for v in study.votes.all()} >= {"training", "ordinary", "gold"}
    assert replayed(path) == "MATCH"
