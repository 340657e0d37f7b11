"""Restorations from upload to results: reuse, masks of people, killed workers, refusals."""

import io
from datetime import timedelta

import numpy as np
import pytest

from jobs.job_context import Work
from jobs.models import Job, State
from photos import storage
from photos.decoding import scans
from photos.models import Blob, Origin, Photo
from pipeline import handlers, services
from pipeline.imageio import encode
from pipeline.models import Rendition, Restoration, RestorationSettings
from pipeline.services import render_plan
from pipeline.services.rendering import keeping
from tests.pipeline.builders import accepted_mask, promote, ready_photo, upload, version_of
from tests.pipeline.engine.tiny import picture
from training.models import ModelVersion

pytestmark = pytest.mark.django_db


def restore(**choices):
    content = io.BytesIO(choices.pop("content", None) or upload())
    return services.restore_later(file=content, name="ida.png", **choices)


def pixels(rendition):
    plane = scans.read_working(rendition.image)
    return encode.mask_bits(plane) if rendition.kind == "mask" else plane


def test_an_upload_becomes_three_results_of_its_size(production, run_jobs):
    restoration = restore(content=upload(picture(71, 53)))
    run_jobs()
    restoration.refresh_from_db()
    assert restoration.is_done
    assert [made.kind for made in restoration.results] == [
        "inpainted",
        "inpainted_colorized",
        "colorized",
    ]
    assert all(pixels(made).shape == (71, 53, 3) for made in restoration.results)
    assert restoration.mask.report["seconds"] >= 0


def test_outside_the_grown_mask_the_inpainted_picture_is_the_photo(production, run_jobs):
    from pipeline.engine.segmentation import grown

    image = picture(71, 53)
    restoration = restore(content=upload(image))
    run_jobs()
    kept = ~grown(pixels(restoration.mask))
    np.testing.assert_array_equal(pixels(restoration.results[0])[kept], image[kept])


def test_sixteen_bit_grey_stays_sixteen_bit_grey(production, run_jobs):
    photo = ready_photo(picture(40, 30, channels=1, dtype=np.uint16))
    restoration = services.restore_later(photo=photo)
    run_jobs()
    inpainted, _, colorized = (pixels(made) for made in restoration.results)
    assert (inpainted.dtype, inpainted.shape) == (np.uint16, (40, 30))
    assert (colorized.dtype, colorized.shape) == (np.uint16, (40, 30, 3))


def test_asked_twice_computed_once(production, run_jobs):
    photo = ready_photo()
    for _ in range(2):
        services.restore_later(photo=photo)
        run_jobs()
    assert Restoration.objects.filter(job__state=State.SUCCEEDED).count() == 2
    assert Rendition.objects.count() == 4


def test_another_strength_makes_other_pictures(production, run_jobs):
    photo = ready_photo()
    services.restore_later(photo=photo, strength=0.2)
    services.restore_later(photo=photo, strength=0.8)
    run_jobs()
    assert Rendition.objects.filter(kind="mask").count() == 2
    assert Rendition.objects.filter(kind="colorized").count() == 1


def test_a_reviewed_mask_overrides_the_network_and_is_named(production, run_jobs):
    photo = ready_photo()
    mask = accepted_mask(photo)
    restoration = services.restore_later(photo=photo)
    run_jobs()
    assert restoration.mask.human_mask == mask
    assert restoration.mask.segmentation is None
    assert restoration.mask.report["painted"] is True
    assert (pixels(restoration.mask) == 1).sum() == 4 * 35


def test_a_killed_worker_leaves_what_it_finished(production, monkeypatch):
    restoration = services.restore_later(photo=ready_photo())
    keep = keeping.keep_rendition

    def die_after_inpainting(plan, kind, files, report):
        if kind == "inpainted_colorized":
            raise SystemExit(9)
        return keep(plan, kind, files, report)

    monkeypatch.setattr(keeping, "keep_rendition", die_after_inpainting)
    with pytest.raises(SystemExit):
        attempt(restoration.job)
    first = set(Rendition.objects.values_list("pk", flat=True))
    assert len(first) == 2
    monkeypatch.setattr(keeping, "keep_rendition", keep)
    Job.objects.filter(pk=restoration.job_id).update(state=State.QUEUED)
    attempt(restoration.job)
    assert first < {made.pk for made in Restoration.objects.get().made}


def attempt(job):
    job.refresh_from_db()
    token = job.claim(owner="test")
    job.refresh_from_db()
    handlers.restore(Work(job, token), **job.params)


def test_cancelling_stops_between_tiles(production, run_jobs):
    restoration = services.restore_later(photo=ready_photo())
    token = restoration.job.claim(owner="test")
    Job.objects.update(cancel_requested=True)
    from jobs.job_context import Cancelled

    with pytest.raises(Cancelled):
        handlers.restore(Work(restoration.job, token), **restoration.job.params)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"this is a text file, renamed", "not a JPEG, PNG, TIFF, WebP, HEIC"),
        (upload(kind="JPEG")[:-200], "ends too early"),
    ],
)
def test_a_bad_file_fails_with_a_sentence(production, run_jobs, content, sentence):
    restoration = restore(content=content)
    run_jobs()
    restoration.refresh_from_db()
    assert restoration.state == State.FAILED
    assert sentence in str(restoration.job.error)
    assert restoration.job.attempt == 1


def test_a_bomb_is_refused_before_it_is_decoded(production, run_jobs, settings):
    settings.SCAN_MAX_MEGAPIXELS = 0.001
    restoration = restore()
    run_jobs()
    restoration.refresh_from_db()
    assert "megapixels; the limit is" in str(restoration.job.error)


def test_without_production_the_reason_names_what_is_missing(db, run_jobs):
    restoration = restore()
    run_jobs()
    restoration.refresh_from_db()
    assert "segmentation, inpainting, colorization" in str(restoration.job.error)


def test_a_study_renders_named_weights_once(production, run_jobs):
    photo = ready_photo(origin=Origin.IMPORT)
    telea = ModelVersion.objects.filter(builtin="telea").first() or ModelVersion.objects.create(
        stage="inpainting", name="Telea", builtin="telea", weights_sha256="telea"
    )
    for _ in range(2):
        services.render_later(photo=photo, stage="inpainting", version=telea)
    run_jobs()
    (made,) = Rendition.objects.filter(kind="inpainted", inpainting=telea)
    assert made.inpainting == telea
    assert Job.objects.filter(kind="pipeline.render").count() == 1


def test_a_study_of_segmentation_never_shows_the_painted_mask(production, run_jobs):
    photo = ready_photo()
    accepted_mask(photo)
    version = production["segmentation"]
    services.render_later(photo=photo, stage="segmentation", version=version)
    run_jobs()
    (made,) = Rendition.objects.filter(kind="mask", segmentation=version)
    assert made.human_mask is None


def test_colour_needs_no_other_stage(weights_folder, run_jobs):
    version = version_of(weights_folder, "colorization")
    services.render_later(photo=ready_photo(), stage="colorization", version=version)
    run_jobs()
    assert Rendition.objects.filter(kind="colorized", colorization=version).count() == 1


def test_a_suggestion_is_made_once_a_network(production, run_jobs):
    photo = ready_photo(wants_mask=True)
    assert services.suggest_missing_later() == 1
    assert services.suggest_missing_later() == 0
    run_jobs()
    suggestion = photo.suggestions.get()
    assert suggestion.weights == production["segmentation"].weights_sha256
    assert scans.read_png(storage.read(suggestion.probability)).shape == (70, 50)


def test_the_recipe_changes_with_every_choice(production):
    photo = ready_photo()
    plan = render_plan.plan_for(photo)
    others = [
        render_plan.plan_for(photo, RestorationSettings(careful=True)),
        render_plan.plan_for(photo, RestorationSettings(strength=0.6)),
        render_plan.plan_for(photo, RestorationSettings(grain=False)),
        plan.standing_in(ModelVersion(stage="inpainting", weights_sha256="x")),
    ]
    recipes = {each.recipe("inpainted") for each in [plan, *others]}
    assert len(recipes) == 5
    assert plan.recipe("colorized") == others[1].recipe("colorized")
    assert plan.recipe("mask") == others[2].recipe("mask")


def test_results_of_another_way_of_filling_are_not_mistaken_for_new_ones(production, monkeypatch):
    plan = render_plan.plan_for(ready_photo())
    kinds = ["mask", "inpainted", "inpainted_colorized", "colorized"]
    before = [plan.recipe(kind) for kind in kinds]
    monkeypatch.setattr(render_plan, "FILL", render_plan.FILL + 1)
    after = [plan.recipe(kind) for kind in kinds]
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, False, False, True]


def test_the_grain_is_the_photographs_own(production):
    plan = render_plan.plan_for(ready_photo())
    assert plan.seed == int(plan.photo.original.digest[:16], 16)
    assert plan.seed != render_plan.plan_for(ready_photo(picture(41, 31))).seed


def test_a_promotion_changes_what_the_next_restoration_uses(production):
    photo = ready_photo()
    other = ModelVersion.objects.create(
        stage="colorization", name="Grey", builtin="grey", weights_sha256="grey-x"
    )
    promote(other)
    assert render_plan.plan_for(photo).versions["colorization"] == other


def test_erasing_removes_every_file_and_row(production, run_jobs):
    restoration = restore()
    run_jobs()
    before = set(Blob.objects.values_list("pk", flat=True))
    services.erase(Restoration.objects.get())
    assert not Restoration.objects.exists()
    assert not Rendition.objects.exists()
    left = set(Blob.objects.values_list("pk", flat=True))
    networks = {v.weights_id for v in production.values()} | {
        v.onnx_id for v in production.values()
    }
    assert left == networks < before
    assert Photo.objects.get(pk=restoration.photo_id).state == Photo.State.ERASED


def test_a_lab_photo_survives_the_erasing_of_a_restoration(production, run_jobs):
    photo = ready_photo()
    restoration = services.restore_later(photo=photo)
    run_jobs()
    services.erase(restoration)
    photo.refresh_from_db()
    assert photo.state == Photo.State.READY
    assert photo.renditions.count() == 4


def test_what_expired_goes_and_the_rest_stays(production):
    old, new = restore(), restore()
    from django.db.models.functions import Now

    Restoration.objects.filter(pk=old.pk).update(expires_at=Now() - timedelta(days=1))
    handlers.expire_restorations()
    assert list(Restoration.objects.values_list("pk", flat=True)) == [new.pk]


def test_erasing_while_it_waits_cancels_the_job(production, run_jobs):
    restoration = restore()
    services.erase(restoration)
    restoration.job.refresh_from_db()
    assert restoration.job.state == State.CANCELLED
