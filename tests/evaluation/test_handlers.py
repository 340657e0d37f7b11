"""From a draft to an open study, with real pictures made by methods without learning."""

import numpy as np
import pytest

from config.errors import Refused
from evaluation import services
from evaluation.models import Study
from evaluation.services.baselines import BUILTINS, rivals
from jobs.models import Job
from pipeline.models import Rendition
from tests.pipeline.builders import accepted_mask, ready_photo
from training.imaging.baselines import FILLS


@pytest.fixture
def photos(db, admin):
    photos = [ready_photo(title=f"scan {number}", created_by=admin) for number in range(2)]
    for photo in photos:
        accepted_mask(photo)
    return photos


@pytest.fixture
def draft(photos, admin):
    return services.create_study(
        stage="inpainting",
        question="Better?",
        versions=rivals("inpainting"),
        photos=photos,
        created_by=admin,
    )


def test_a_study_of_rivals_opens_when_its_pictures_are_there(draft, admin, run_jobs):
    services.open_study(study=draft, by=admin)
    run_jobs()
    study = Study.objects.get()
    assert study.state == "open"
    assert study.blind_copies.outputs().count() == 2 * 2
    assert study.blind_copies.count() == 2 * (1 + 2 + 2)  # the original, outputs, two spoilt
    assert Rendition.objects.filter(kind="inpainted").count() >= 2


def test_blind_copies_differ_only_where_the_mask_was(draft, admin, run_jobs):
    import io

    from PIL import Image

    from photos import storage

    services.open_study(study=draft, by=admin)
    run_jobs()
    copies = draft.blind_copies.filter(photo=draft.photos.first())
    original, first = (
        np.asarray(Image.open(io.BytesIO(storage.read(copy.image))))
        for copy in (copies.get(candidate=None), copies.outputs().get(candidate__position=0))
    )
    changed = (original != first).any(axis=2)
    assert 0 < changed.mean() < 0.3


def test_a_picture_that_cannot_be_made_fails_with_its_reason(draft, admin, run_jobs):
    services.open_study(study=draft, by=admin)
    Job.objects.filter(kind="pipeline.render").update(state="failed", error="out of memory")
    run_jobs()
    draft.refresh_from_db()
    assert draft.job.state == "failed"
    assert "out of memory" in str(draft.job.error)
    services.give_up_preparing(study=draft)
    assert draft.state == "draft"


def test_a_second_try_makes_what_is_missing(draft, admin, run_jobs):
    services.open_study(study=draft, by=admin)
    Job.objects.filter(kind="pipeline.render").update(state="failed", error="out of memory")
    run_jobs()
    draft.refresh_from_db()
    services.give_up_preparing(study=draft)
    services.open_study(study=draft, by=admin)
    run_jobs()
    draft.refresh_from_db()
    assert draft.state == "open"


def test_without_a_mask_nothing_can_be_filled(draft, admin):
    draft.photos.set([ready_photo(title="bare")])
    with pytest.raises(Refused, match="segmentation"):
        services.open_study(study=draft, by=admin)
    assert Study.objects.get().state == "draft"


def test_a_study_offers_every_fill_that_networks_are_measured_against():
    assert {builtin.value for builtin in BUILTINS["inpainting"]} == set(FILLS)
