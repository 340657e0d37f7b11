"""The leak table, line by line, where `test_blindness` does not look already."""

import io
import time

import numpy as np
import pytest
from PIL import Image
from scipy.stats import ks_2samp

from evaluation.models import Ballot
from evaluation.services import control_ballots
from evaluation.stimuli.blind_copies import blind
from tests.conftest import person
from tests.evaluation.conftest import SECRETS
from tests.evaluation.stimuli.test_blind_copies import chunks
from tests.evaluation.test_blindness import Session


@pytest.fixture
def session(study, voter, sign_in):
    return Session(sign_in(voter), study)


def pictures(session, ballots):
    """(position of the candidate, headers, body, seconds) of every picture of many ballots."""
    found = []
    for _ in range(ballots):
        ballot = session.ballot()
        slots = Ballot.objects.get(token=ballot["token"]).slots
        for position, address in zip(slots, ballot["images"], strict=True):
            start = time.perf_counter()
            answer = session.get(address)
            found.append(
                (position, session.seen[-1][1], answer.content, time.perf_counter() - start)
            )
        session.vote(ballot["token"], "left")
    return found


def test_metadata_of_every_kind_is_left_behind():
    canary = b"walnut"
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (40, 60, 3), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x010E] = "walnut"
    out = io.BytesIO()
    image.save(out, "PNG", exif=exif, icc_profile=canary * 30)
    loaded = np.asarray(Image.open(io.BytesIO(out.getvalue())))
    file, _, _ = blind({1: loaded})[1]
    assert canary in out.getvalue() and canary not in file
    assert set(chunks(file)) == {b"IHDR", b"IDAT", b"IEND"}


def test_one_picture_in_two_ballots_has_two_addresses(session):
    seen = {}
    for _ in range(12):
        ballot = session.ballot()
        row = Ballot.objects.get(token=ballot["token"])
        for slot, address in zip(row.slots, ballot["images"], strict=True):
            seen.setdefault((row.photo_id, slot), []).append(address)
        session.vote(ballot["token"])
    assert max(len(addresses) for addresses in seen.values()) > 1
    assert all(len(set(addresses)) == len(addresses) for addresses in seen.values())


def test_a_classifier_on_headers_and_sizes_stays_at_chance(session):
    """It learns on one half which candidate goes with which headers and length."""
    rows = [(p, (h, len(b), b[:33])) for p, h, b, _ in pictures(session, 90)]
    learn, ask = rows[::2], rows[1::2]
    seen = {}
    for position, features in learn:
        seen.setdefault(features, []).append(position)
    common = max(range(3), key=[p for p, _ in learn].count)
    said = [max(set(seen[f]), key=seen[f].count) if f in seen else common for _, f in ask]
    right = np.mean([guess == position for guess, (position, _) in zip(said, ask, strict=True)])
    guessing = np.mean([position == common for position, _ in ask])
    assert right <= guessing + 0.03


def test_no_candidate_takes_longer_to_answer(session):
    """Three tries, for a busy machine has moods: chance alone fails one in a million."""
    for _ in range(3):
        found = pictures(session, 40)
        times = [[t for p, _, _, t in found if p == position] for position in (0, 2)]
        if ks_2samp(*times).pvalue > 0.01:
            return
    pytest.fail("the time of an answer tells candidates apart")


def test_gold_and_repeats_have_the_same_headers_and_kinds_of_answers(session, monkeypatch, study):
    ordinary = session.ballot()
    session.get(ordinary["images"][0])
    session.vote(ordinary["token"])
    monkeypatch.setattr(
        control_ballots, "draw", lambda study, voter, standing: control_ballots._gold(study)
    )
    gold = session.ballot()
    session.get(gold["images"][0])
    assert Ballot.objects.get(token=gold["token"]).kind == "gold"
    assert ordinary.keys() == gold.keys()
    headers = [h for a, h, _ in session.seen if "/studies/ballot/" in a]
    assert headers[0] == headers[1]


def test_pictures_are_sent_as_they_are(session):
    client, ballot = session.client, session.ballot()
    answer = client.get(ballot["images"][0], headers={"accept-encoding": "gzip, br"})
    assert "Content-Encoding" not in answer.headers
    assert len(answer.content) % 65536 == 0
    again = client.get(ballot["images"][0], headers={"if-none-match": "*"})
    assert again.status_code == 200


def test_the_page_asks_nobody_else_and_tells_no_referrer(session):
    page = session.get(f"/studies/{session.study.number}/vote/")
    assert b"http://" not in page.content.replace(b"http://www.w3.org", b"")
    assert b"https://" not in page.content
    assert page["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert b"serviceWorker" not in page.content


def test_the_ballot_fetched_ahead_tells_no_more(session):
    session.ballot()
    ahead = session.post(f"/api/v1/studies/{session.study.number}/ballot/ahead").json()
    assert set(ahead) == {
        "token", "images", "original", "width", "height", "cast", "progress", "lesson",
    }  # fmt: skip
    assert session.get(ahead["images"][0]).status_code == 200


def test_a_look_at_interim_results_is_on_the_record(study, admin, sign_in):
    client = sign_in(admin)
    client.post(f"/studies/{study.number}/interim/")
    client.post(f"/studies/{study.number}/close/", {"sure": "1"})
    page = client.get(f"/studies/{study.number}/results/").content.decode()
    assert "Looks before the end" in page and "amir at 0 ordinary votes" in page


def test_pictures_of_the_result_page_wait_for_the_end(study, admin, sign_in):
    client, copy = sign_in(admin), study.blind_copies.first().pk
    assert client.get(f"/studies/{study.number}/copy/{copy}").status_code == 404
    client.post(f"/studies/{study.number}/close/", {"sure": "1"})
    assert client.get(f"/studies/{study.number}/copy/{copy}").status_code == 200


def test_a_declared_conflict_ends_the_voting(session, study):
    asked = session.post(f"/studies/{study.number}/conflict/")
    assert b"Votes cast stay" in asked.content and not study.conflicts.exists()
    session.client.post(f"/studies/{study.number}/conflict/", {"sure": "1"})
    assert study.conflicts.count() == 1
    assert session.post(f"/api/v1/studies/{study.number}/ballot").status_code == 409


def test_a_voter_does_not_read_which_version_restored_a_photo():
    from pipeline.services.result_context import may_see_weights

    assert not may_see_weights(_like("voter"))
    assert may_see_weights(_like("voter", "admin")) and may_see_weights(_like("reviewer"))


def _like(*roles):
    from django.contrib.auth.models import User

    user = User(username="someone")
    user._roles = frozenset(roles)
    return user


@pytest.mark.django_db
def test_a_stranger_with_a_voters_token_gets_the_one_404(session, sign_in):
    mine = session.ballot()["images"][0]
    other = sign_in(person("otto", "voter")).get(mine)
    assert other.status_code == 404 and not any(name.encode() in other.content for name in SECRETS)
