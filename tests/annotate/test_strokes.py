"""No stroke is lost, none is overwritten, and only what was seen is handed in."""

import os
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.db.models.functions import Now

from annotate import services
from annotate.models import Assignment, DefectMask, StrokeDelta
from config.errors import Refused
from photos import storage
from photos.models import Blob
from tests.annotate.builders import digest_of, painted, ready_photo, strokes_of
from tests.annotate.test_assignments import finish, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(assessor):
    ready_photo()
    return services.claim_assignment(assessor=assessor)


def submit(assignment, revision, digest):
    return services.submit_mask(assignment=assignment, revision=revision, digest=digest)


def test_saved_is_what_was_painted(assignment):
    assert save(assignment, painted()).revision == 1
    assert np.array_equal(services.read_mask(assignment.mask), painted())


def test_a_second_delta_changes_only_its_tiles(assignment):
    save(assignment, painted())
    corner = np.zeros((300, 400), np.uint8)
    corner[280, 300] = 4
    save(assignment, corner, base=1, seq=2)
    after = services.read_mask(assignment.mask)
    assert after[280, 300] == 4
    assert np.array_equal(after[:256, :256], painted()[:256, :256])


def test_the_same_request_twice_is_applied_once(assignment):
    save(assignment, painted())
    again = save(assignment, painted())
    assert (again.revision, again.repeated) == (1, True)
    assert StrokeDelta.objects.count() == 1


def test_an_old_base_is_stale_and_changes_nothing(assignment):
    save(assignment, painted())
    with pytest.raises(services.Stale) as stale:
        save(assignment, painted(seed=9), client="other", seq=7)
    assert stale.value.revision == 1
    assert np.array_equal(services.read_mask(assignment.mask), painted())


@pytest.mark.parametrize("body", [b"", b"HMT1", b"nonsense", strokes_of(painted(2000, 300))])
def test_a_body_that_is_no_mask_of_the_photo_is_bad(assignment, body):
    with pytest.raises(services.BadStrokes):
        services.save_strokes(
            assignment=assignment, body=body, base_revision=0, client="c", first_seq=1, last_seq=1
        )
    assert not StrokeDelta.objects.exists()


def test_a_body_larger_than_any_mask_is_too_big(assignment):
    with pytest.raises(services.TooBig):
        services.save_strokes(
            assignment=assignment, body=bytes(300_000), base_revision=0, client="c",
            first_seq=1, last_seq=1,
        )  # fmt: skip


def test_seconds_of_two_clients_are_added_and_never_twice(assignment):
    for base, client, seconds in ((0, "a", 10), (1, "a", 30), (2, "b", 5)):
        services.save_strokes(
            assignment=assignment, body=strokes_of(painted()), base_revision=base, client=client,
            first_seq=base, last_seq=base, active_seconds=seconds,
        )  # fmt: skip
    assert assignment.mask.active_seconds == 35


def test_work_after_the_lease_was_lost_is_kept_and_offered(assignment, other_assessor):
    Assignment.objects.update(lease_until=Now() - timedelta(seconds=1))
    services.claim_assignment(assessor=other_assessor)
    with pytest.raises(Refused, match="kept as a draft"):
        save(assignment, painted())
    kept = DefectMask.objects.kept_drafts().get()
    assert np.array_equal(services.read_mask(kept), painted())


def test_submitting_after_the_lease_was_lost_says_so_and_keeps_the_work(assignment, other_assessor):
    save(assignment, painted())
    Assignment.objects.update(lease_until=Now() - timedelta(seconds=1))
    services.claim_assignment(assessor=other_assessor)
    with pytest.raises(Refused, match="kept as a draft"):
        submit(assignment, 1, digest_of(painted()))
    assert DefectMask.objects.kept_drafts().get().revision == 1


def test_a_mask_is_handed_in_with_its_digest(assignment):
    mask = finish(assignment)
    assert (mask.state, mask.digest) == (DefectMask.State.SUBMITTED, digest_of(painted()))
    assert assignment.state == Assignment.State.SUBMITTED


def test_an_undamaged_photo_has_an_empty_mask(assignment):
    empty = np.zeros((300, 400), np.uint8)
    mask = submit(assignment, 0, digest_of(empty))
    assert mask.state == DefectMask.State.SUBMITTED
    assert mask.tiles is not None
    assert not services.read_mask(mask).any()


def test_handing_in_twice_answers_the_same(assignment):
    finish(assignment)
    assert submit(assignment, 1, digest_of(painted())).digest == digest_of(painted())


def test_another_digest_is_a_mismatch_and_changes_nothing(assignment):
    save(assignment, painted())
    with pytest.raises(services.Mismatch):
        submit(assignment, 1, digest_of(painted(seed=8)))
    assert DefectMask.objects.get().state == DefectMask.State.DRAFT


def test_handing_in_an_old_revision_is_stale(assignment):
    save(assignment, painted())
    with pytest.raises(services.Stale):
        submit(assignment, 0, digest_of(painted()))


def test_strokes_after_handing_in_are_refused(assignment):
    finish(assignment)
    with pytest.raises(Refused, match="submitted"):
        save(assignment, painted(seed=8), base=1, seq=2)


def test_a_crash_before_the_commit_leaves_a_file_for_the_sweep(assignment, monkeypatch, settings):
    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
        broken.setattr(DefectMask, "advance", lambda *a, **k: 1 / 0)
        save(assignment, painted())
    assert DefectMask.objects.get().revision == 0
    assert not Blob.objects.filter(media_type="application/vnd.heirloom.mask").exists()
    known = set(Blob.objects.values_list("pk", flat=True))
    (left,) = [file for file in Path(settings.MEDIA_ROOT).glob("??/*") if file.name not in known]
    os.utime(left, (0, 0))
    assert storage.sweep() == 1 and not left.exists()


@pytest.mark.services
def test_a_save_extends_the_lease_when_a_minute_of_it_is_gone(assignment):
    until = Assignment.objects.get().lease_until
    save(assignment, painted())
    assert Assignment.objects.get().lease_until == until
    Assignment.objects.update(lease_until=until - timedelta(minutes=2))
    save(assignment, painted(seed=8), base=1, seq=2)
    assert Assignment.objects.get().lease_until >= until


def test_an_overtaken_request_sent_again_answers_as_it_did(assignment):
    save(assignment, painted())
    save(assignment, painted(seed=8), base=1, seq=2)
    again = save(assignment, painted())
    assert (again.revision, again.repeated) == (1, True)


def test_a_save_asks_the_database_little(assignment, django_assert_max_num_queries):
    save(assignment, painted())
    again = Assignment.objects.select_related("photo", "mask", "suggestion").get()
    # What the client sent before, the blob, the revision, the lease, the delta; and a savepoint.
    with django_assert_max_num_queries(7):
        save(again, painted(seed=8), base=1, seq=2)
