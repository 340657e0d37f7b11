"""Two people at once, with real connections: the row decides, and only one wins."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from annotate import services
from annotate.models import Assignment, StrokeDelta
from annotate.services import availability
from photos import storage
from photos.models import Blob
from tests.annotate.builders import painted, ready_photo, strokes_of
from tests.annotate.test_assignments import save
from tests.conftest import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def at_once(calls):
    """Runs every call in its own thread; answers results, an error in place of one that failed."""

    def run(call):
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_six_people_and_three_photos_give_three_assignments():
    for _ in range(3):
        ready_photo()
    people = [person(f"painter{i}") for i in range(6)]
    given = at_once([lambda p=p: services.claim_assignment(assessor=p) for p in people])
    photos = [assignment.photo_id for assignment in given if assignment]
    assert len(photos) == len(set(photos)) == 3
    assert Assignment.objects.open().count() == 3


def test_claims_in_any_order_never_wait_for_each_other(monkeypatch):
    """Photos brought in together are of the same age: the database may list them as it likes."""
    for _ in range(6):
        ready_photo()
    people = [person(f"painter{i}") for i in range(10)]
    listed = availability.waiting_for_painter

    def in_own_order(who):
        return listed(who).order_by("pk" if people.index(who) % 2 else "-pk")

    monkeypatch.setattr(availability, "waiting_for_painter", in_own_order)
    given = at_once([lambda p=p: services.claim_assignment(assessor=p) for p in people])
    assert not [answer for answer in given if isinstance(answer, Exception)]
    assert Assignment.objects.open().count() == 6


def test_one_person_claiming_twice_at_once_gets_one_photo(assessor):
    for _ in range(3):
        ready_photo()
    given = at_once([lambda: services.claim_assignment(assessor=assessor)] * 4)
    assert len({assignment.pk for assignment in given}) == 1
    assert Assignment.objects.count() == 1


def test_saves_on_one_base_give_one_revision(assessor):
    ready_photo()
    pk = services.claim_assignment(assessor=assessor).pk

    def save_one(seq):
        return save(Assignment.objects.get(pk=pk), painted(seed=seq), seq=seq, client=f"c{seq}")

    answers = at_once([lambda s=seq: save_one(s) for seq in range(5)])
    assert sum(isinstance(answer, services.Saved) for answer in answers) == 1
    assert sum(isinstance(answer, services.Stale) for answer in answers) == 4
    assert StrokeDelta.objects.count() == 1


def test_one_request_sent_twice_at_once_is_applied_once(assessor):
    ready_photo()
    pk = services.claim_assignment(assessor=assessor).pk
    at_once([lambda: save(Assignment.objects.get(pk=pk), painted())] * 3)
    assert save(Assignment.objects.get(pk=pk), painted()) == services.Saved(1, repeated=True)


def test_the_same_file_put_by_many_is_one_file():
    found = at_once([lambda: storage.put(strokes_of(painted()), "text/plain").pk] * 6)
    assert len(set(found)) == 1
    assert storage.read(Blob.objects.get()) == strokes_of(painted())
