import pytest

from evaluation import services
from evaluation.models import Ballot
from photos import erasure


@pytest.fixture
def client(study, voter, sign_in):
    return sign_in(voter)


def post(client, path, body=None):
    return client.post(f"/api/v1/{path}", body, "application/json")


def ballot(client, study):
    return post(client, f"studies/{study.number}/ballot").json()


def test_the_same_vote_twice_is_one_answer(client, study):
    token = ballot(client, study)["token"]
    answers = [post(client, f"ballots/{token}/vote", {"outcome": "equal"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert (
        answers[0].json()
        == answers[1].json()
        == {
            "outcome": "equal",
            "cast": 1,
            "feedback": None,
        }
    )


def test_a_vote_on_a_closed_study_is_409_with_a_sentence(client, study, admin):
    token = ballot(client, study)["token"]
    services.close_study(study=study, by=admin)
    answer = post(client, f"ballots/{token}/vote", {"outcome": "left"})
    assert answer.status_code == 409
    assert answer.json()["detail"] == "This study is closed: no more votes are taken."
    assert post(client, f"studies/{study.number}/ballot").status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "best"}, "outcome"),
        ({}, "outcome"),
        ({"outcome": "undo"}, "outcome"),
        ({"outcome": "skip"}, "reasons"),
        ({"outcome": "left", "seconds": -1}, "seconds"),
        ({"outcome": "left", "reasons": ["x" * 200]}, "reasons"),
    ],
)
def test_bad_votes_are_400_and_name_the_field(client, study, body, field):
    token = ballot(client, study)["token"]
    answer = post(client, f"ballots/{token}/vote", body)
    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_a_held_ballot_of_an_erased_photo_shows_nothing(client, study, admin):
    """The study closed and the photograph was erased while she looked at it."""
    held = ballot(client, study)
    assert client.get(held["images"][0]).status_code == 200
    services.close_study(study=study, by=admin)
    erasure.erase_photo(photo=Ballot.objects.get(token=held["token"]).photo, erased_by=admin)
    answers = [client.get(address) for address in [*held["images"], held["original"]]]
    assert [(a.status_code, a.content) for a in answers] == [(404, b"not found")] * 3


def test_an_unknown_study_is_404(client):
    assert post(client, "studies/99/ballot").status_code == 404


def test_undo_gives_the_ballot_back(client, study):
    first = ballot(client, study)
    post(client, f"ballots/{first['token']}/vote", {"outcome": "left"})
    assert post(client, f"ballots/{first['token']}/undo").status_code == 204
    assert ballot(client, study)["token"] == first["token"]
    assert post(client, f"ballots/{first['token']}/undo").status_code == 409


def test_answers_are_never_stored(client, study):
    assert "no-store" in post(client, f"studies/{study.number}/ballot")["Cache-Control"]
