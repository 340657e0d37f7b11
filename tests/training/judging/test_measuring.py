"""Any version on any snapshot: a real measurement, which set the pages name, what it learnt from."""

from importlib import import_module

import pytest
from django.apps import apps

from config.errors import Refused
from jobs.models import Job
from tests.training.builders import measured, photo, scratched, tiny, version
from tests.training.foreign import made
from training import services
from training.foreign import adapters
from training.models import Evaluation, ModelVersion, SnapshotItem
from training.services.foreign import foreign_versions
from training.services.judging import measuring, snapshot_figures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def yardsticks(db):
    """A test that empties the tables takes what migrations brought."""
    import_module("training.migrations.0002_rivals").add_rivals(apps, None)


@pytest.fixture
def snapshot(db):
    scratched(1)
    photo(2)
    photo(3)
    return services.freeze_snapshot(name="Spring")


@pytest.mark.parametrize(("stage", "builtin", "figure"), [
    ("inpainting", "telea", "psnr_holes"), ("colorization", "grey", "mse_cbcr"),
])  # fmt: skip
def test_a_yardstick_is_measured(snapshot, run_jobs, stage, builtin, figure):
    row = ModelVersion.objects.get(builtin=builtin)
    Job.objects.all().delete()
    done = measuring.measure_later(version=row, snapshot=snapshot, part="all")
    run_jobs()
    done.refresh_from_db()
    assert done.job.state == "succeeded", done.job.error
    assert done.own[figure] > 0
    assert (done.pictures, done.trained_on, len(done.digest)) == (2, 0, 64)
    assert done.measured_at is not None


@pytest.mark.slow
def test_weights_that_ship_are_measured(snapshot, run_jobs):
    from training.services import shipped_weights

    shipped_weights.register()
    row = ModelVersion.objects.filter(stage="segmentation").first()
    Job.objects.all().delete()
    done = measuring.measure_later(version=row, snapshot=snapshot, part="all")
    run_jobs()
    done.refresh_from_db()
    assert done.job.state == "succeeded", done.job.error
    assert 0 <= done.own["dice"] <= 1
    assert set(done.figures) == {"version", "top-hat", "Sato"}


def test_it_is_queued_once_and_again_when_it_ended(snapshot):
    row = ModelVersion.objects.get(builtin="telea")
    ask = {"version": row, "snapshot": snapshot, "part": "all"}
    first = measuring.measure_later(**ask).job
    assert measuring.measure_later(**ask).job == first
    first.request_cancel()
    assert measuring.measure_later(**ask).job != first
    assert Evaluation.objects.count() == 1


def test_a_set_without_such_photographs_is_refused(snapshot):
    snapshot.items.all().update(split=SnapshotItem.Split.TRAIN)
    with pytest.raises(Refused, match="holds out no undamaged photograph"):
        measuring.measure_later(
            version=ModelVersion.objects.get(builtin="telea"), snapshot=snapshot, part="validation"
        )
    with pytest.raises(Refused, match="has no weights"):
        measuring.measure_later(version=version("bare"), snapshot=snapshot, part="all")


def test_what_a_version_learnt_from_goes_through_its_parents(snapshot):
    first = services.train_later(recipe=tiny(), snapshot=snapshot)
    old = version("old", stage="segmentation", run=first)
    photo(4)
    second = services.freeze_snapshot(name="Summer", include_clean=True)
    child = services.train_later(recipe=tiny(), snapshot=second)
    child.parent = old
    child.save()
    young = version("young", stage="segmentation", run=child)
    digests = {
        digest
        for items in (snapshot.items, second.items)
        for digest in items.training().values_list("image_digest", flat=True)
    }
    assert measuring.learnt_from(young) == digests
    assert measuring.learnt_from(version("from a file")) == set()


def test_the_models_page_compares_on_one_set_and_says_which(reviewer, sign_in, snapshot):
    other = services.freeze_snapshot(name="Summer")
    for name, value in (("one net", 31.25), ("two net", 32.5)):
        row = version(name)
        measured(row, snapshot, value=value)
    measured(row, other, value=12.125, trained_on=3)
    page = "/training/models/"
    text = sign_in(reviewer).get(page).content.decode()
    assert "Compared on <strong>Spring, all photographs</strong>" in text
    assert "31.250" in text
    assert "12.125" not in text
    text = sign_in(reviewer).get(f"{page}?set={other.pk}:all").content.decode()
    assert "Compared on <strong>Summer, all photographs</strong>" in text
    assert "12.125" in text
    assert "3 trained on" in text and "not known" not in text
    ModelVersion.objects.filter(name="two net").update(origin="shipped")
    assert "trained on: not known" in sign_in(reviewer).get(page).content.decode()
    table = sign_in(reviewer).get("/training/models/sets/?stage=inpainting").content.decode()
    assert all(value in table for value in ("31.250", "32.500", "12.125", "not measured"))


def test_an_admin_measures_what_is_ticked(admin, sign_in, snapshot):
    rows = ModelVersion.objects.filter(stage="inpainting").exclude(builtin="")
    asked = {"snapshot": snapshot.pk, "part": "all", "versions": [row.pk for row in rows]}
    page = "/training/models/sets/measure/?stage=inpainting"
    answer = sign_in(admin).post(page, asked, follow=True)
    assert f"{len(rows)} measurements queued" in answer.content.decode()
    assert Evaluation.objects.count() == len(rows)
    answer = sign_in(admin).post(page, {"part": "all"}, follow=True)
    assert "required" in answer.content.decode()


def test_a_snapshot_says_what_it_holds(snapshot, reviewer, sign_in, assessor):
    item = snapshot.items.exclude(mask_digest="").get()
    item.mask.areas, item.mask.author = {"fracture": 50, "ignore": 4}, assessor
    item.mask.save()
    found = snapshot_figures.contents(snapshot)
    size = item.photo.width * item.photo.height
    assert (found.pixels, found.painted, found.unknown) == (3 * size, size, 0)
    assert found.classes[0] == ("fracture", 1, 50, pytest.approx(5000 / size))
    assert found.people == [("ada", 1)]
    item.mask.digest = "another"
    item.mask.save()
    assert snapshot_figures.contents(snapshot).unknown == 1
    text = sign_in(reviewer).get(f"/training/snapshots/{snapshot.pk}/").content.decode()
    assert "masks by ada (1)" in text


def test_two_snapshots_differ_in_photographs_masks_and_split(snapshot, reviewer, sign_in):
    photo(4)
    other = services.freeze_snapshot(name="Summer")
    item = other.items.exclude(mask_digest="").get()
    other.items.filter(pk=item.pk).update(mask_digest="f" * 64)
    found = dict(snapshot_figures.difference(snapshot, other))
    assert (found["only here"], found["only there"], found["in both"]) == (0, 1, 3)
    assert found["of those with another mask"] == 1
    page = f"/training/snapshots/{snapshot.pk}/?against={other.pk}"
    assert 'id="difference"' in sign_in(reviewer).get(page).content.decode()
    assert sign_in(reviewer).get(f"/training/snapshots/{snapshot.pk}/?against=x").status_code == 200


# --- networks that others published ----------------------------------------------------------------


@pytest.fixture
def bounded(settings):
    settings.IMPORTED_MEMORY_MEGABYTES, settings.IMPORTED_SECONDS = 3000, 20
    settings.TORCH_THREADS = 1


def published(path, preset):
    words = {"licence": "Apache-2.0", "source": "https://example.org/net", "title": "Theirs"}
    card = foreign_versions.Card(**words)
    adapter = adapters.preset(preset)
    return foreign_versions.import_model(path=path, adapter=adapter, card=card)


@pytest.mark.parametrize(("preset", "figure", "rival"), [
    ("lama", "psnr_holes", "Telea"), ("deoldify", "mse_cbcr", "grey"), ("bopbtl-scratch", "auc", "Sato"),
])  # fmt: skip
def test_an_imported_network_is_measured_by_the_same_harness(
    snapshot, bounded, tmp_path, run_jobs, preset, figure, rival
):
    version = published(made.PRESETS[preset](tmp_path / "net.onnx"), preset)
    done = measuring.measure_later(version=version, snapshot=snapshot, part="all")
    run_jobs()
    done.refresh_from_db()
    assert done.job.state == "succeeded", done.job.error
    assert done.own[figure] >= 0 and figure in done.figures[rival]
    assert done.trained_on == 0 and done.pictures > 0


def test_an_imported_network_that_fails_says_so_in_the_words_of_its_stage(
    snapshot, bounded, tmp_path, run_jobs, admin, sign_in
):
    version = published(made.PRESETS["siggraph17"](tmp_path / "net.onnx"), "siggraph17")
    version.card["adapter"]["input"][0]["name"] = "grey"
    version.save()
    asked = {"snapshot": snapshot.pk, "part": "all", "versions": [version.pk]}
    client = sign_in(admin)
    answer = client.post("/training/models/sets/measure/?stage=colorization", asked, follow=True)
    assert "1 measurement queued" in answer.content.decode()
    run_jobs()
    job = version.evaluations.get().job
    assert job.state == "failed" and job.attempt == 1
    assert str(job.error).startswith(
        "Theirs, which adds colour: The adapter gives the inputs grey;"
    )
    text = client.get(f"/training/models/{version.pk}/").content.decode()
    assert "Theirs" in text and not Evaluation.objects.measured().exists()
