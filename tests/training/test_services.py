"""Snapshots freeze, runs queue, weights register, promotions only append."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models.functions import Now

from annotate.models import Assignment, DefectMask
from config.errors import Refused
from jobs.models import Job, State
from photos import erasure
from photos.models import Origin
from tests.training.builders import photo, scratched, tiny, version, weight_file
from training import services
from training.models import ModelVersion, Promotion, Stage
from training.splitting import judged_on

pytestmark = pytest.mark.django_db


def freeze(**values):
    return services.freeze_snapshot(**({"name": "S", "seed": 0} | values))


def test_an_empty_snapshot_is_refused():
    scratched(state=DefectMask.State.SUBMITTED)
    with pytest.raises(Refused, match="an empty snapshot"):
        freeze()


def test_a_snapshot_holds_accepted_masks_and_clean_grounds():
    mask, ground = scratched(1), photo(2)
    items = {item.photo_id: item for item in freeze().items.all()}
    assert items[mask.photo_id].mask_digest == mask.digest
    assert items[ground.pk].mask_digest == ""
    assert freeze(include_clean=False).items.count() == 1


def test_only_the_latest_accepted_mask_of_a_photo_counts():
    old = scratched(1)
    DefectMask.objects.update(created_at=Now() - timedelta(hours=1))
    new = DefectMask.objects.create(
        photo=old.photo, state="accepted", tiles=old.tiles, digest="d" * 64
    )
    assert freeze().items.get().mask == new


def test_a_mask_that_tested_its_painter_trains_nothing(assessor):
    truth = scratched(1)
    test = Assignment.objects.create(
        photo=truth.photo, assessor=assessor, purpose="honeypot", lease_until=Now()
    )
    DefectMask.objects.create(
        photo=truth.photo, state="accepted", tiles=truth.tiles, digest="d" * 64, assignment=test
    )
    assert freeze().items.get().mask == truth


def test_a_visitors_photo_trains_only_when_its_owner_allows_it():
    scratched(1, origin=Origin.VISITOR, training_allowed=False)
    allowed = scratched(2, origin=Origin.VISITOR, training_allowed=True)
    assert freeze().items.get().photo == allowed.photo


def test_a_photo_that_waits_for_its_mask_is_no_clean_ground():
    scratched(1)
    photo(2, wants_mask=True)
    photo(3, training_allowed=False)
    assert freeze().items.count() == 1


def test_the_same_picture_twice_is_one_item():
    scratched(1)
    photo(1)
    assert freeze().items.get().mask_digest


def test_albums_are_never_split():
    for number in range(12):
        scratched(number, album=f"album {number % 4}")
    splits = {(item.group, item.split) for item in freeze(validation_share=0.3).items.all()}
    assert len({group for group, _ in splits}) == len(splits) == 4
    assert {split for _, split in splits} == {"train", "validation"}


def test_equal_content_has_an_equal_digest_and_another_seed_another():
    for number in range(6):
        scratched(number)
    first, again = freeze(), freeze(name="T")
    assert first.digest == again.digest
    assert len({freeze(seed=seed).digest for seed in range(6)}) > 1


def test_a_run_is_queued_for_training(admin):
    scratched(1)
    run = services.train_later(recipe=tiny(), snapshot=freeze(), seed=3, created_by=admin)
    assert (run.job.queue, run.job.state, run.stage) == ("train", State.QUEUED, "segmentation")
    assert run.recipe["images"] == 16
    assert str(run.job.title) == "Train segmentation: tiny on S"


def test_inpainting_needs_an_undamaged_photo():
    scratched(1)
    with pytest.raises(Refused, match="no undamaged photo"):
        services.train_later(recipe=tiny("inpainting"), snapshot=freeze())


def test_colour_needs_a_colour_photo():
    photo(1, is_grey=True)
    with pytest.raises(Refused, match="no undamaged colour photo"):
        services.train_later(recipe=tiny("colorization"), snapshot=freeze())


def test_an_erased_photo_leaves_later_runs():
    mask = scratched(1)
    snapshot = freeze()
    erasure.erase_photo(photo=mask.photo)
    with pytest.raises(Refused, match="no photo to learn from"):
        services.train_later(recipe=tiny(), snapshot=snapshot)


def test_a_run_starts_only_from_weights_of_its_stage():
    scratched(1)
    with pytest.raises(Refused, match="its own stage"):
        services.train_later(recipe=tiny(), snapshot=freeze(), parent=version())


def test_a_cancelled_run_can_be_resumed():
    scratched(1)
    run = services.train_later(recipe=tiny(), snapshot=freeze())
    services.cancel_run(run)
    assert Job.objects.get(pk=run.job_id).state == State.CANCELLED
    services.resume_run(run)
    assert Job.objects.get(pk=run.job_id).state == State.QUEUED


def test_a_waiting_run_cannot_be_resumed():
    scratched(1)
    run = services.train_later(recipe=tiny(), snapshot=freeze())
    with pytest.raises(Refused):
        services.resume_run(run)


def test_registered_weights_wait_for_their_gate(tmp_path):
    made = services.register_weights(path=weight_file(tmp_path))
    assert (made.name, made.stage, made.is_usable) == ("Made up", "inpainting", False)
    assert Job.objects.get().params == {"version_id": str(made.pk)}
    with pytest.raises(Refused, match="still unchecked"):
        services.promote(version=made, reason="because")


def test_the_same_weights_are_one_version(tmp_path):
    path = weight_file(tmp_path)
    assert services.register_weights(path=path) == services.register_weights(path=path)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"not a weight file", "not a safetensors file"), (b"", "not a safetensors file")],
)
def test_a_strange_file_is_refused_with_its_name(tmp_path, content, said):
    path = tmp_path / "strange.safetensors"
    path.write_bytes(content)
    with pytest.raises(Refused, match=f"strange.safetensors is {said}"):
        services.register_weights(path=path)


def test_a_card_must_name_its_network(tmp_path):
    with pytest.raises(Refused, match="does not name its network"):
        services.register_weights(path=weight_file(tmp_path, card={"stage": "inpainting"}))


def test_a_failed_gate_is_never_promoted():
    with pytest.raises(Refused, match=r"did not pass the gate: a picture differs\."):
        services.promote(version=version(passed=False), reason="because")


def test_a_promotion_needs_a_reason():
    with pytest.raises(Refused, match="why"):
        services.promote(version=version(), reason="  ")


def test_rollback_is_one_more_row(admin):
    first, second = version("first"), version("second")
    for one in (first, second):
        services.promote(version=one, reason="better", promoted_by=admin)
    row = services.roll_back(stage=Stage.INPAINTING, by=admin)
    assert (row.version, str(row.reason)) == (first, "rolled back from second")
    assert Promotion.objects.count() == 3
    assert Promotion.objects.current("inpainting") == row


def test_rollback_skips_repeats_of_the_current_version():
    first, second = version("first"), version("second")
    for one in (first, second, second):
        services.promote(version=one, reason="better")
    assert services.roll_back(stage="inpainting").version == first


def test_rollback_without_a_past_is_refused():
    services.promote(version=version(), reason="first")
    with pytest.raises(Refused, match="nothing to go back to"):
        services.roll_back(stage="inpainting")


def test_newer_shipped_weights_replace_shipped_ones_only(admin):
    old, new = version("old"), version("new")
    assert services.promote_shipped(old).version == old
    assert services.promote_shipped(old) is None
    assert services.promote_shipped(new).version == new
    services.promote(version=old, reason="I like it", promoted_by=admin)
    assert services.promote_shipped(new) is None


def test_the_yardsticks_exist_and_need_no_gate():
    import_module("training.migrations.0002_rivals").add_rivals(apps, None)  # harmless again
    rivals = ModelVersion.objects.exclude(builtin="")
    assert {rival.builtin for rival in rivals} == set(ModelVersion.Builtin.values)
    assert set(rivals) <= set(ModelVersion.objects.usable())


@pytest.mark.parametrize("albums", [1, 2])
def test_of_too_few_albums_photos_are_held_out_one_by_one(albums):
    for number in range(20):
        scratched(number, album=f"album {number % albums}")
    items = list(freeze(validation_share=0.2).items.all())
    held = [item for item in items if item.split == "validation"]
    assert len(held) == 4 and all(" in album album " in item.group for item in items)
    assert judged_on(item.group for item in held) == (
        "held-out photographs, of albums that trained too"
    )


def test_what_trains_alone_is_not_called_held_out():
    scratched(1, album="only")
    items = freeze(validation_share=0.2).items.all()
    held = [item.group for item in items if item.split == "validation"]
    assert judged_on(held) == "the photographs it was trained on: none was held out"
