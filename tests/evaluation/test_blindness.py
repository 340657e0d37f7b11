"""A whole session of a voter, with every byte of every answer kept."""

import json
import re

import numpy as np
import pytest

from evaluation.models import Ballot
from tests.conftest import person
from tests.evaluation.conftest import SECRETS

IMAGE = re.compile(r"/studies/ballot/[0-9a-f]{32}/\w+")


class Session:
    """A signed-in voter whose client remembers status, headers and bodies."""

    def __init__(self, client, study):
        self.client, self.study, self.seen = client, study, []

    def keep(self, address, response):
        headers = "\n".join(f"{key}: {value}" for key, value in response.headers.items())
        self.seen.append((address, headers, response.content))
        return response

    def get(self, address):
        return self.keep(address, self.client.get(address))

    def post(self, address, body=None):
        return self.keep(address, self.client.post(address, body, "application/json"))

    def ballot(self):
        return self.post(f"/api/v1/studies/{self.study.number}/ballot").json()

    def vote(self, token, outcome="left", **more):
        return self.post(f"/api/v1/ballots/{token}/vote", {"outcome": outcome, **more})

    def whole(self, ballots=4):
        self.get("/studies/")
        self.get(f"/studies/{self.study.number}/vote/")
        for _ in range(ballots):
            ballot = self.ballot()
            for address in [*ballot["images"], ballot["original"]]:
                assert self.get(address).status_code == 200
            self.get(ballot["images"][0].replace("/0", "/7"))
            self.vote(ballot["token"], "right", seconds=2.5)
            self.post(f"/api/v1/ballots/{ballot['token']}/undo")
            self.vote(ballot["token"], "left", reasons=["dull"])
            self.get(ballot["images"][0])
        self.get(f"/studies/{self.study.number}/")
        self.get(f"/studies/{self.study.number}/results/")
        return self


@pytest.fixture
def session(study, voter, sign_in):
    return Session(sign_in(voter), study)


def secrets_of(study):
    for candidate in study.candidates.select_related("version"):
        version = candidate.version
        yield from (version.name, str(version.pk), version.pk.hex, version.weights_sha256)
    for copy in study.blind_copies.all():
        yield from (copy.pixels_sha256, copy.image_id)
    yield from (str(study.pk), study.digest, study.key, str(study.seed))


def test_nothing_that_names_a_candidate_reaches_a_voter(session):
    session.whole()
    secret = [text.lower().encode() for text in secrets_of(session.study)]
    for address, headers, body in session.seen:
        said = address.encode() + headers.lower().encode() + body.lower()
        assert not [text for text in secret if text in said], address


def test_titles_of_photos_stay_hidden(session):
    for address, _, body in session.whole().seen:
        assert b"scan " not in body, address


def test_a_ballot_says_only_what_is_allowed(session):
    assert set(session.ballot()) == {
        "token", "images", "original", "width", "height", "cast", "progress", "lesson",
    }  # fmt: skip
    assert set(session.vote(session.ballot()["token"]).json()) == {"outcome", "cast", "feedback"}


def test_all_slots_have_the_same_headers_and_length(session):
    ballot = session.ballot()
    for address in [*ballot["images"], ballot["original"]]:
        session.get(address)
    kept = session.seen[-3:]
    assert len({headers for _, headers, _ in kept}) == 1
    assert len({len(body) for _, _, body in kept}) == 1
    assert len({body for _, _, body in kept}) == 3


def test_pictures_are_never_cached(session):
    answer = session.get(session.ballot()["images"][1])
    assert answer["Cache-Control"] == "no-store, private, no-transform"
    assert answer["Content-Disposition"] == 'inline; filename="image"'
    assert not {"ETag", "Last-Modified", "Age", "Server-Timing"} & set(answer.headers)


def test_an_address_is_never_used_twice(session):
    addresses = [address for ballot in range(5) for address in _cast(session)["images"]]
    assert len(set(addresses)) == 10
    assert all(IMAGE.fullmatch(address) for address in addresses)


def _cast(session):
    ballot = session.ballot()
    session.vote(ballot["token"])
    return ballot


def test_wrong_slot_old_token_and_foreign_token_are_one_404(session, sign_in, study):
    old = _cast(session)["images"][0]
    mine = session.ballot()["images"][0]
    wrong = [mine.replace("/0", "/2"), mine.replace("/0", "/None"), old]
    wrong.append(re.sub("[0-9a-f]{32}", "0" * 32, mine))
    answers = [session.get(address) for address in wrong]
    stranger = Session(sign_in(person("otto", "voter")), study)
    answers.append(stranger.get(mine))
    assert {answer.status_code for answer in answers} == {404}
    assert len({(a.content, str(sorted(a.headers.items()))) for a in answers}) == 1


def test_a_foreign_ballot_cannot_be_cast(session, sign_in, study):
    token = session.ballot()["token"]
    other = Session(sign_in(person("otto", "voter")), study)
    assert other.vote(token).status_code == 404
    assert Ballot.objects.get(token=token).state == "issued"


@pytest.mark.parametrize(
    "path",
    ["", "results/", "export/", "key/", "../new/"],
)
def test_a_voter_has_no_other_page(session, path):
    assert session.get(f"/studies/{session.study.number}/{path}").status_code in (403, 404)


@pytest.mark.parametrize("path", ["open/", "close/", "promote/", "interim/", "draft/"])
def test_a_voter_changes_nothing(session, path):
    assert session.post(f"/studies/{session.study.number}/{path}").status_code == 403


def test_only_voters_get_ballots(study, sign_in, stranger, assessor, client):
    address = f"/api/v1/studies/{study.number}/ballot"
    for someone in (stranger, assessor):
        assert sign_in(someone).post(address).status_code == 403
    assert client.post(address).status_code in (401, 403)


def test_an_admin_who_votes_loses_the_admin_pages(study, admin, sign_in):
    session = Session(sign_in(admin), study)
    assert session.get(f"/studies/{study.number}/").status_code == 200
    session.ballot()
    answer = session.get(f"/studies/{study.number}/")
    assert answer.status_code == 409
    assert not any(name.encode() in answer.content for name in SECRETS)


def test_headers_do_not_tell_candidates_apart(session):
    lengths = {}
    for _ in range(12):
        ballot = session.ballot()
        slots = Ballot.objects.get(token=ballot["token"]).slots
        for slot, address in zip(slots, ballot["images"], strict=True):
            answer = session.get(address)
            lengths.setdefault(slot, set()).add(len(answer.content))
        session.vote(ballot["token"])
    assert len(set(map(frozenset, lengths.values()))) == 1


def test_the_export_is_blind_and_the_key_is_apart(session, admin, sign_in):
    import io
    import zipfile

    session.whole()
    client = sign_in(admin)
    client.post(f"/studies/{session.study.number}/close/", {"sure": "1"})
    content = client.get(f"/studies/{session.study.number}/export/").content
    archive = zipfile.ZipFile(io.BytesIO(content))
    said = b"".join(archive.read(name) for name in archive.namelist())
    assert not [name for name in SECRETS if name.encode() in said]
    key = json.loads(client.get(f"/studies/{session.study.number}/key/").content)
    assert {entry["name"] for entry in key.values()} == set(SECRETS)


def test_files_differ_only_behind_the_common_header(session):
    ballot = session.ballot()
    first, second = (session.get(address).content for address in ballot["images"])
    assert first[:33] == second[:33]
    assert np.frombuffer(first, np.uint8).size % 65536 == 0
