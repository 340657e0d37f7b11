"""Who gets which photo, for how long, and what happens when she goes away."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from annotate import services
from annotate.models import Assignment, DefectMask
from annotate.services import assignment_start as rules
from annotate.services import availability
from config.errors import Refused
from photos.models import Photo
from tests.annotate.builders import digest_of, painted, ready_photo, strokes_of
from tests.conftest import person

pytestmark = pytest.mark.django_db
State = Assignment.State


def save(assignment, mask, *, base=0, seq=1, client="c"):
    return services.save_strokes(
        assignment=assignment, body=strokes_of(mask), base_revision=base, client=client,
        first_seq=seq, last_seq=seq,
    )  # fmt: skip


def finish(assignment, mask=None):
    mask = painted() if mask is None else mask
    saved = save(assignment, mask)
    return services.submit_mask(
        assignment=assignment, revision=saved.revision, digest=digest_of(mask)
    )


def end_leases():
    Assignment.objects.open().update(lease_until=Now() - timedelta(seconds=1))


def test_an_empty_queue_gives_nothing(assessor):
    assert services.claim_assignment(assessor=assessor) is None


def test_only_ready_photos_that_want_a_mask_are_given(assessor):
    ready_photo(wants_mask=False)
    ready_photo(state=Photo.State.REFUSED)
    assert services.claim_assignment(assessor=assessor) is None


def test_ones_own_open_photo_comes_back_first(assessor):
    ready_photo()
    first = services.claim_assignment(assessor=assessor)
    ready_photo(priority=9)
    assert services.claim_assignment(assessor=assessor) == first


def test_the_most_important_photo_is_given_then_the_oldest(assessor, other_assessor):
    plain, urgent = ready_photo(), ready_photo(priority=2)
    assert services.claim_assignment(assessor=assessor).photo == urgent
    assert services.claim_assignment(assessor=other_assessor).photo == plain


def test_a_photo_goes_to_one_person_only(assessor, other_assessor):
    ready_photo()
    assert services.claim_assignment(assessor=assessor)
    assert services.claim_assignment(assessor=other_assessor) is None


def test_an_overlap_photo_goes_to_two_people_and_no_more(assessor, other_assessor, db):
    ready_photo(masks_wanted=2)
    claims = [
        services.claim_assignment(assessor=p) for p in (assessor, other_assessor, person("third"))
    ]
    assert [bool(claim) for claim in claims] == [True, True, False]


def test_a_finished_photo_is_not_given_again(assessor, other_assessor):
    ready_photo()
    finish(services.claim_assignment(assessor=assessor))
    assert services.claim_assignment(assessor=assessor) is None
    assert services.claim_assignment(assessor=other_assessor) is None


def test_a_returned_mask_comes_back_to_its_author_with_its_work(assessor, other_assessor, reviewer):
    ready_photo()
    mask = finish(services.claim_assignment(assessor=assessor))
    services.review_mask(reviewer=reviewer, mask=mask, verdict="returned", comment="Too fat.")
    assert services.claim_assignment(assessor=other_assessor) is None
    again = services.claim_assignment(assessor=assessor)
    assert (again.mask.pk, again.mask.state) == (mask.pk, DefectMask.State.DRAFT)
    assert again.mask.revision == 1


def test_an_ended_lease_frees_the_photo_and_keeps_the_draft(assessor, other_assessor):
    ready_photo()
    lost = services.claim_assignment(assessor=assessor)
    save(lost, painted())
    end_leases()
    taken = services.claim_assignment(assessor=other_assessor)
    assert taken.photo == lost.photo
    assert taken.mask.revision == 0
    assert list(DefectMask.objects.kept_drafts()) == [lost.mask]


def test_a_lease_that_ended_is_taken_back_while_the_photo_is_free(assessor):
    ready_photo()
    assignment = services.claim_assignment(assessor=assessor)
    save(assignment, painted())
    end_leases()
    services.release_leases()
    assert services.claim_assignment(assessor=assessor) == assignment
    assert services.heartbeat(assignment=assignment).state == State.OPEN


def test_a_heartbeat_extends_the_lease(assessor):
    ready_photo()
    assignment = services.claim_assignment(assessor=assessor)
    end_leases()
    services.heartbeat(assignment=assignment)
    assert services.release_leases() == 0


def test_a_heartbeat_after_somebody_else_came_is_refused(assessor, other_assessor):
    ready_photo()
    assignment = services.claim_assignment(assessor=assessor)
    end_leases()
    services.claim_assignment(assessor=other_assessor)
    with pytest.raises(Refused, match="somebody else has it now"):
        services.heartbeat(assignment=assignment)


def test_skipping_needs_a_reason_and_is_not_offered_again(assessor):
    ready_photo()
    assignment = services.claim_assignment(assessor=assessor)
    with pytest.raises(Refused, match="Say why"):
        services.skip(assignment=assignment, reason=" ")
    services.skip(assignment=assignment, reason="not a photo")
    assert services.claim_assignment(assessor=assessor) is None


def test_three_skips_take_a_photo_out_of_the_queue(db):
    photo = ready_photo()
    for name in ("a", "b", "c"):
        services.skip(assignment=services.claim_assignment(assessor=person(name)), reason="bad")
    assert services.claim_assignment(assessor=person("d")) is None
    assert list(availability.skipped_often()) == [photo]


def test_a_handed_back_draft_goes_on_with_the_next_person(assessor, other_assessor):
    ready_photo()
    given = services.claim_assignment(assessor=assessor)
    save(given, painted())
    services.release(assignment=given, passes_draft_on=True)
    taken = services.claim_assignment(assessor=other_assessor)
    assert taken.mask.parent == given.mask
    assert (services.read_mask(taken.mask) == painted()).all()


def test_a_draft_may_be_handed_back_without_passing_it_on(assessor, other_assessor):
    ready_photo()
    given = services.claim_assignment(assessor=assessor)
    save(given, painted())
    services.release(assignment=given, passes_draft_on=False)
    assert services.claim_assignment(assessor=other_assessor).mask.tiles is None


def test_handing_back_twice_is_refused(assessor):
    ready_photo()
    assignment = services.claim_assignment(assessor=assessor)
    services.release(assignment=assignment)
    with pytest.raises(Refused, match="handed this photo back"):
        services.release(assignment=assignment)


def test_control_photos_are_drawn_when_they_are_given(assessor, monkeypatch):
    monkeypatch.setattr(rules, "drawn", lambda percent: percent == rules.CONTROL_PERCENT)
    ready_photo()
    assert not services.claim_assignment(assessor=assessor).with_suggestion


def test_a_claim_asks_the_database_little(assessor, django_assert_max_num_queries):
    for _ in range(30):
        ready_photo()
    services.claim_assignment(assessor=assessor)
    Assignment.objects.update(state=State.SKIPPED)
    # PostgreSQL locks the person's and the photo's row; SQLite's transaction does it unasked.
    with django_assert_max_num_queries(12 if connection.vendor == "postgresql" else 10):
        assert services.claim_assignment(assessor=assessor)
