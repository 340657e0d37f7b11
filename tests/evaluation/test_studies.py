import pytest

from config.errors import Refused
from evaluation import services
from evaluation.models import Study
from jobs.models import Job
from tests.evaluation.conftest import fill_copies, make_version, noise, open_now
from training.models import ModelVersion, Promotion


def create(versions, photos, **more):
    return services.create_study(
        stage="inpainting", question="Better?", versions=versions, photos=photos, **more
    )


def test_one_candidate_is_refused_with_a_sentence(versions, photos):
    with pytest.raises(Refused, match="at least two candidates"):
        create(versions[:1], photos)


def test_the_same_candidate_twice_is_one(versions, photos):
    with pytest.raises(Refused, match="at least two candidates"):
        create([versions[0], versions[0]], photos)


def test_a_study_without_photos_is_refused(versions):
    with pytest.raises(Refused, match="at least one photo"):
        create(versions, [])
    assert not Study.objects.exists()


def test_weights_without_the_export_check_are_refused(versions, photos):
    raw = make_version("raw")
    ModelVersion.objects.filter(pk=raw.pk).update(gate={})
    with pytest.raises(Refused, match="raw has not passed"):
        create([*versions, raw], photos)


def test_another_stage_is_refused(versions, photos):
    with pytest.raises(Refused, match="another stage"):
        create([*versions, make_version("tint", "colorization")], photos)


def test_production_must_stand(versions, photos):
    current = make_version("incumbent")
    Promotion.objects.create(stage="inpainting", version=current, reason="first")
    with pytest.raises(Refused, match="The model in production, incumbent"):
        create(versions, photos)


def test_a_question_cannot_name_a_candidate(versions, photos):
    with pytest.raises(Refused, match="names a candidate"):
        services.create_study(
            stage="inpainting", question="Is Walnut better?", versions=versions, photos=photos
        )


def test_numbers_follow_each_other(versions, photos):
    assert [create(versions, photos).number for _ in range(2)] == [1, 2]


@pytest.fixture
def finder(db):
    """Something in production that finds damage."""
    version = make_version("finder", "segmentation")
    return Promotion.objects.create(stage="segmentation", version=version, reason="first")


def test_opening_queues_one_job_and_every_picture(draft, admin, finder):
    services.open_study(study=draft, by=admin)
    assert (draft.state, draft.job.kind) == ("preparing", "evaluation.prepare_study")
    assert Job.objects.filter(kind="pipeline.render").count() == 3 * 6
    with pytest.raises(Refused, match="not a draft"):
        services.open_study(study=draft, by=admin)


def test_a_missing_picture_blocks_opening(draft):
    draft.prepare()
    photos = list(draft.photos.all())
    for photo in photos[:-1]:
        fill_copies(draft, photo)
    with pytest.raises(Refused, match="4 of 24 pictures are missing"):
        services.finish_opening(study=draft)


def test_outputs_of_another_size_block_opening(draft):
    outputs = {None: noise(1), draft.candidates.get(position=0): noise(2)[:, 1:]}
    with pytest.raises(Refused, match="different sizes"):
        services.store_copies(study=draft, photo=draft.photos.first(), outputs=outputs)


def test_the_plan_is_frozen_at_opening(study):
    assert study.state == "open"
    assert study.last_hash == study.digest and len(study.digest) == 64
    assert len(study.plan["candidates"]) == 3 and len(study.plan["photos"]) == 6


def test_preparing_again_keeps_one_copy_each(draft):
    photo = draft.photos.first()
    for _ in range(2):
        fill_copies(draft, photo)
    assert draft.blind_copies.filter(photo=photo, degraded=False).count() == 4
    assert draft.blind_copies.filter(photo=photo, degraded=True).count() == 1


def test_a_failed_preparation_goes_back_to_the_draft(draft, admin, finder):
    services.open_study(study=draft, by=admin)
    with pytest.raises(Refused, match="still being made"):
        services.give_up_preparing(study=draft)
    draft.job.request_cancel()
    draft.job.refresh_from_db()
    services.give_up_preparing(study=draft)
    assert draft.state == "draft"
    assert open_now(draft).state == "open"
