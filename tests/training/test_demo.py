"""What an empty demo site gets: photographs, a snapshot, something to review."""

import pytest

from annotate.models import DefectMask
from annotate.services import read_mask
from photos.masks.arrays import digest
from photos.models import Photo
from training import demo
from training.models import DatasetSnapshot
from training.services import shipped_weights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def site(monkeypatch, assessor, admin):
    monkeypatch.setattr(shipped_weights, "register", lambda: ([], []))
    demo.install()


def test_an_empty_site_is_filled_once(site):
    photos = Photo.objects.filter(wants_mask=True)
    assert photos.count() == len(demo.SAMPLES)
    assert all(photo.state == Photo.State.READY and photo.licence for photo in Photo.objects.all())
    states = DefectMask.objects.values_list("state", flat=True)
    assert sorted(states) == ["accepted"] * 5 + ["submitted"]
    demo.install()
    assert Photo.objects.filter(wants_mask=True).count() == len(demo.SAMPLES)


def test_the_snapshot_serves_finding_and_filling(site):
    snapshot = DatasetSnapshot.objects.get()
    for stage in ("segmentation", "inpainting"):
        rows = snapshot.items.usable_for(stage)
        assert set(rows.values_list("split", flat=True)) == {"train", "validation"}
    # Old prints are grey or of one tone: nothing in them teaches colour, and a run says so.
    assert not snapshot.items.usable_for("colorization").exists()


def test_every_photograph_has_its_source_and_says_that_its_damage_is_drawn(site):
    told = demo.credits_by_file()
    assert {path.name for path in demo.FOLDER.glob("*.jpg")} == set(told)
    assert all(row["source"] and row["licence"] for row in told.values())
    marked = Photo.objects.filter(wants_mask=True).values_list("title", flat=True)
    assert all(title.endswith(", damage drawn") for title in marked)


def test_the_true_mask_is_kept_with_the_photo(site):
    mask = DefectMask.objects.filter(state="accepted").first()
    assert mask.photo.true_mask_id
    assert digest(read_mask(mask)) == mask.digest


def test_the_mask_in_review_was_painted_and_can_go_back(site, assessor):
    mask = DefectMask.objects.get(state="submitted")
    assert (mask.author, mask.assignment.assessor) == (assessor, assessor)
