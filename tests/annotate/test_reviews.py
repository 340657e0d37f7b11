"""Reviewers accept and return, never their own; people's masks are compared."""

import pytest

from annotate import services
from annotate.models import Agreement, DefectMask
from config.errors import Refused
from photos.models import Photo
from tests.annotate.builders import digest_of, painted, ready_photo
from tests.annotate.test_assignments import end_leases, finish, save
from tests.conftest import person

pytestmark = pytest.mark.django_db
State = DefectMask.State


@pytest.fixture
def mask(assessor):
    ready_photo()
    return finish(services.claim_assignment(assessor=assessor))


def test_an_accepted_mask_stays_accepted(mask, reviewer):
    services.review_mask(reviewer=reviewer, mask=mask, verdict="accepted")
    with pytest.raises(Refused, match="not waiting"):
        services.review_mask(reviewer=person("r2"), mask=mask, verdict="returned", comment="No.")
    assert DefectMask.objects.get().state == State.ACCEPTED


def test_nobody_reviews_their_own_mask(mask, assessor):
    with pytest.raises(Refused, match="your own mask"):
        services.review_mask(reviewer=assessor, mask=mask, verdict="accepted")


def test_a_return_needs_words_or_marks(mask, reviewer):
    with pytest.raises(Refused, match="Say what is wrong"):
        services.review_mask(reviewer=reviewer, mask=mask, verdict="returned", comment="  ")
    marks = [{"x": 1, "y": 2, "word": "missed"}]
    services.review_mask(reviewer=reviewer, mask=mask, verdict="returned", marks=marks)
    assert DefectMask.objects.get().state == State.RETURNED


def test_a_verdict_is_one_of_two(mask, reviewer):
    with pytest.raises(Refused, match="either"):
        services.review_mask(reviewer=reviewer, mask=mask, verdict="submitted")


def test_two_reviewers_at_once_give_one_verdict(mask, reviewer):
    copies = [DefectMask.objects.get(pk=mask.pk) for _ in range(2)]
    services.review_mask(reviewer=reviewer, mask=copies[0], verdict="accepted")
    with pytest.raises(Refused):
        services.review_mask(reviewer=person("r2"), mask=copies[1], verdict="accepted")
    assert mask.reviews.count() == 1


def test_a_draft_somebody_paints_on_cannot_be_accepted(assessor, reviewer):
    ready_photo()
    assignment = services.claim_assignment(assessor=assessor)
    save(assignment, painted())
    with pytest.raises(Refused, match="not waiting"):
        services.review_mask(reviewer=reviewer, mask=assignment.mask, verdict="accepted")


def test_a_draft_left_behind_can_be_taken_over(assessor, reviewer):
    ready_photo()
    assignment = services.claim_assignment(assessor=assessor)
    save(assignment, painted())
    end_leases()
    services.release_leases()
    services.review_mask(reviewer=reviewer, mask=assignment.mask, verdict="accepted")
    kept = DefectMask.objects.get()
    assert (kept.state, len(kept.digest)) == (State.ACCEPTED, 64)


def test_a_returned_mask_left_behind_is_accepted_as_it_was_left(mask, reviewer):
    services.review_mask(reviewer=reviewer, mask=mask, verdict="returned", comment="More.")
    assignment = services.claim_assignment(assessor=mask.author)
    mended = painted() | painted(seed=77)
    save(assignment, mended, base=1, seq=2)
    end_leases()
    services.release_leases()
    left = DefectMask.objects.get()
    services.review_mask(reviewer=reviewer, mask=left, verdict="accepted")
    assert (left.digest, left.tiles_revision) == (digest_of(mended), left.revision)


def test_a_repair_is_a_new_mask_with_a_parent(mask, reviewer):
    assignment = services.repair_mask(reviewer=reviewer, mask=mask)
    assert (assignment.mask.parent, assignment.mask.author) == (mask, reviewer)
    assert (services.read_mask(assignment.mask) == painted()).all()
    with pytest.raises(Refused, match="already"):
        services.repair_mask(reviewer=reviewer, mask=mask)


def test_overlapping_masks_are_compared_in_a_job(assessor, other_assessor, run_jobs):
    ready_photo(masks_wanted=2)
    finish(services.claim_assignment(assessor=assessor))
    finish(services.claim_assignment(assessor=other_assessor))
    run_jobs()
    found = Agreement.objects.get()
    assert (found.dice, found.tolerant_f1, found.cl_dice) == (1.0, 1.0, 1.0)


def test_disagreement_shows_in_the_figures(assessor, other_assessor, run_jobs):
    ready_photo(masks_wanted=2)
    finish(services.claim_assignment(assessor=assessor))
    finish(services.claim_assignment(assessor=other_assessor), painted(seed=77))
    run_jobs()
    found = Agreement.objects.get()
    assert found.dice < found.tolerant_f1 < 1


def test_an_imported_mask_of_another_size_names_both(reviewer):
    photo = ready_photo()
    with pytest.raises(Refused, match="The mask is 500 x 300 pixels, the photo 400 x 300"):
        services.import_mask(photo=photo, pixels=painted(500, 300), author=reviewer)


def test_a_mask_needs_a_photo_that_was_read(reviewer):
    with pytest.raises(Refused, match="has been read"):
        services.import_mask(photo=ready_photo(state=Photo.State.RECEIVED), pixels=painted())


def test_an_imported_mask_that_is_returned_leaves_its_photo_to_painters(reviewer, assessor):
    mask = services.import_mask(photo=ready_photo(), pixels=painted())
    assert services.claim_assignment(assessor=assessor) is None
    services.review_mask(reviewer=reviewer, mask=mask, verdict="returned", comment="No.")
    assert services.claim_assignment(assessor=assessor).photo == mask.photo
    joined = services.import_mask(
        photo=ready_photo(), pixels=painted(), origin=DefectMask.Origin.CONSENSUS
    )
    with pytest.raises(Refused, match="Nobody painted"):
        services.review_mask(reviewer=reviewer, mask=joined, verdict="returned", comment="No.")


def test_a_photo_with_an_imported_mask_is_not_given_out(assessor):
    services.import_mask(photo=ready_photo(), pixels=painted())
    assert services.claim_assignment(assessor=assessor) is None


def test_the_known_damage_of_a_synthetic_photo_does_not_stop_painting(assessor):
    services.import_mask(
        photo=ready_photo(), pixels=painted(), origin=DefectMask.Origin.SYNTHETIC, accepted=True
    )
    assert services.claim_assignment(assessor=assessor)
