"""The list with figures, runs beside each other, curves as files, runs that were cancelled."""

import csv
import io

import pytest

from jobs.models import Job, State
from tests.training.builders import photo, scratched, tiny, version
from training import services
from training.services import run_monitor

pytestmark = pytest.mark.django_db
DICE = "real/fracture/dice"


@pytest.fixture
def snapshot(db):
    scratched(1)
    photo(2)
    return services.freeze_snapshot(name="S")


@pytest.fixture
def pair(snapshot):
    runs = [services.train_later(recipe=tiny(batch=size), snapshot=snapshot) for size in (4, 8)]
    for run, best in zip(runs, (0.25, 0.75), strict=True):
        for step, dice in ((8, best), (16, best / 2)):
            values = {"step": step, "epoch": 1, "seconds": 2.5, "split": "validation"}
            run.metrics.create(name=DICE, value=dice, **values)
            run.metrics.create(name="score", value=dice, **values)
    return runs


def asked(pair):
    return "?" + "&".join(f"run={run.pk}" for run in pair)


def test_the_list_shows_the_figures_of_the_best_step(reviewer, sign_in, pair):
    text = sign_in(reviewer).get("/training/runs/").content.decode()
    assert "0.750" in text
    assert "0.375" not in text


def test_a_finished_run_shows_its_versions_figures(reviewer, sign_in, pair):
    version("net", stage="segmentation", run=pair[0], metrics={DICE: 0.9125})
    text = sign_in(reviewer).get("/training/runs/").content.decode()
    assert "0.912" in text or "0.913" in text
    assert "0.250" not in text


def test_runs_lie_beside_each_other(reviewer, sign_in, pair):
    for run in pair:
        folder = run.folder / "samples"
        folder.mkdir(parents=True)
        (folder / "00000008_0.png").write_bytes(b"")
    (pair[0].folder / "samples" / "00000016_0.png").write_bytes(b"")
    text = sign_in(reviewer).get(f"/training/runs/compare/{asked(pair)}").content.decode()
    assert '<th scope="row" class="mono">batch</th><td>4</td><td>8</td>' in text
    assert "learning_rate" not in text
    assert text.count("<polyline") == 2 * 2  # score and overlap, a line a run
    assert text.count("00000008_0.png") == 2
    assert "00000016_0.png" not in text


@pytest.mark.parametrize("query", ["", "?run=x", "?run=00000000-0000-0000-0000-000000000007"])
def test_too_few_runs_are_refused_in_a_sentence(reviewer, sign_in, query):
    answer = sign_in(reviewer).get(f"/training/runs/compare/{query}")
    assert answer.status_code == 409
    assert "run" in answer.content.decode()


def test_the_csv_holds_every_number(reviewer, sign_in, pair):
    answer = sign_in(reviewer).get(f"/training/runs/{pair[1].pk}/curves.csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    found = {(int(row["step"]), row["name"]): float(row["value"]) for row in rows}
    assert found == {(8, DICE): 0.75, (8, "score"): 0.75, (16, DICE): 0.375, (16, "score"): 0.375}


def test_tensorboards_file_names_the_curves(reviewer, sign_in, pair):
    answer = sign_in(reviewer).get(f"/training/runs/{pair[0].pk}/curves.tfevents")
    assert "events.out.tfevents" in answer["Content-Disposition"]
    assert answer.getvalue().count(b"validation/score") == 2


@pytest.mark.parametrize("ending", ["a minute", "40 minutes", "2.5 hours"])
def test_a_cancelled_run_promises_no_minutes(reviewer, sign_in, pair, ending):
    said = f"24 of 96 pictures, about {ending} left"
    jobs = Job.objects.filter(pk=pair[0].job_id)
    jobs.update(message=said, state=State.RUNNING)
    page = f"/training/runs/{pair[0].pk}/"
    assert f"about {ending}" in sign_in(reviewer).get(page).content.decode()
    jobs.update(cancel_requested=True)
    assert str(run_monitor.standing(jobs.get())).startswith("24 of 96 pictures; stopping")
    jobs.update(state=State.CANCELLED)
    for address in (page, "/training/runs/"):
        assert f"about {ending}" not in sign_in(reviewer).get(address).content.decode()
