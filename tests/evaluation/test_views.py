import pytest

from evaluation import services
from evaluation.models import Study
from evaluation.services import votes
from tests.evaluation.conftest import open_now
from training.models import Promotion


@pytest.fixture
def client(admin, sign_in):
    return sign_in(admin)


def plan(client, versions, photos, cap=500):
    body = {
        "question": "Which is better?",
        "versions": [getattr(version, "pk", version) for version in versions],
        "photos": [photo.pk for photo in photos],
        "cap": cap,
    }
    return client.post("/studies/new/?stage=inpainting", body)


def test_a_plan_becomes_a_draft(client, versions, photos):
    answer = plan(client, versions, photos)
    assert answer.status_code == 302
    assert Study.objects.get().candidates.count() == 3


def test_the_form_offers_rivals_without_learning(client, versions):
    page = client.get("/studies/new/?stage=inpainting").content.decode()
    assert "OpenCV Telea" in page and "OpenCV Navier-Stokes" in page
    assert "mean chroma" in client.get("/studies/new/?stage=colorization").content.decode()


def test_production_is_ticked_from_the_start(client, versions):
    Promotion.objects.create(stage="inpainting", version=versions[1], reason="first")
    form = client.get("/studies/new/?stage=inpainting").context["form"]
    assert form.fields["versions"].initial == [versions[1].pk]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"versions": []}, "at least two candidates"),
        ({"photos": []}, "at least one photo"),
        ({"cap": 3}, "greater than or equal to 10"),
        ({"versions": ["nonsense"]}, "not a valid UUID"),
    ],
)
def test_a_bad_plan_is_400_with_the_reason(client, versions, photos, change, sentence):
    answer = plan(client, **({"versions": versions, "photos": photos} | change))
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_one_candidate_is_refused_on_the_page(client, versions, photos):
    answer = plan(client, versions[:1], photos)
    assert answer.status_code == 400
    assert "A study needs at least two candidates" in answer.content.decode()


def test_an_unknown_stage_is_404(client):
    assert client.get("/studies/new/?stage=nonsense").status_code == 404


@pytest.fixture
def closed(study, voters, admin, later):
    """Six voters agree on hazel."""
    best = study.candidates.get(version__name="hazel").position
    for turn in range(60):
        voter = voters[turn % 6]
        try:
            ballot = votes.next_ballot(study=study, voter=voter)
        except services.Refused:
            break
        outcome = "right" if ballot.slots[1] == best else "left"
        votes.cast_vote(ballot=ballot, voter=voter, outcome=outcome, seconds=4)
    study.refresh_from_db()
    services.close_study(study=study, by=admin)
    return study


def test_the_result_page_tells_the_verdict(client, closed):
    page = client.get(f"/studies/{closed.number}/results/").content.decode()
    assert "hazel wins" in page and "hazel beat" in page
    assert page.count('class="chart forest"') == 3
    assert "Promote hazel" in page


def test_promoting_from_the_page(client, closed):
    client.post(f"/studies/{closed.number}/promote/")
    assert Promotion.objects.current("inpainting").version.name == "hazel"
    page = client.get(f"/studies/{closed.number}/results/").content.decode()
    assert "already in production" in page


def test_results_wait_for_the_end(client, study):
    assert client.get(f"/studies/{study.number}/results/").status_code == 409


def test_interim_results_are_logged_and_shown(client, study, admin):
    page = client.post(f"/studies/{study.number}/interim/")
    assert page.status_code == 200 and b"Your look is logged" in page.content
    assert study.peeks.get().user == admin


def test_an_empty_study_can_be_closed(client, study):
    client.post(f"/studies/{study.number}/close/", {"sure": "1"})
    page = client.get(f"/studies/{study.number}/results/").content.decode()
    assert "No clear difference" in page and "undefined" in page


def test_closing_twice_is_refused(client, study):
    client.post(f"/studies/{study.number}/close/", {"sure": "1"})
    assert client.post(f"/studies/{study.number}/close/", {"sure": "1"}).status_code == 409


def test_the_list_shows_voters_only_what_is_open(study, draft, voter, sign_in):
    page = sign_in(voter).get("/studies/").content.decode()
    assert f"Vote in Study {study.number}" in page
    assert "All studies" not in page


def test_categories_have_their_own_table(client, draft, photos, voters, later, admin):
    for photo in photos[::2]:
        photo.album = "portraits"
        photo.save()
    study = open_now(draft)
    for turn in range(12):
        ballot = votes.next_ballot(study=study, voter=voters[turn % 6])
        outcome = ("left", "right")[turn % 2]
        votes.cast_vote(ballot=ballot, voter=voters[turn % 6], outcome=outcome)
    study.refresh_from_db()
    services.close_study(study=study, by=admin)
    page = client.get(f"/studies/{study.number}/results/").content.decode()
    assert "By category" in page and "portraits" in page and "north" in page
