"""The gate in a real process, and the weights that ship."""

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from config.words.wall import in_words
from jobs.models import Job, State
from photos import storage
from photos.files import sha256
from training import services
from training.cards import model_cards
from training.models import ModelVersion, Promotion
from training.services import export_check, shipped_weights

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("judged_once")]
SEGMENTATION = shipped_weights.FOLDER / "segmentation.safetensors"
JUDGED = {}


@pytest.fixture
def judged_once(monkeypatch, tmp_path_factory):
    """The gate is a process of ten seconds; of equal bytes it need not be asked again."""
    ask = export_check.judge

    def judge(weights, _folder):
        digests = {path: sha256(path) for path in weights}
        new = {path: weights[path] for path, digest in digests.items() if digest not in JUDGED}
        if new:
            verdicts = ask(new, tmp_path_factory.mktemp("rooms"))
            JUDGED.update(zip(map(digests.get, new), verdicts, strict=True))
        return [JUDGED[digest] for digest in digests.values()]

    monkeypatch.setattr(export_check, "judge", judge)


def test_shipped_weights_pass_and_are_promoted_once():
    new, promoted = shipped_weights.register()
    assert {version.stage for version in new} == {row.stage for row in promoted}
    version = ModelVersion.objects.get(stage="segmentation")
    assert version.gate_passed, version.gate
    assert max(photo["largest_difference"] for photo in version.gate["photos"]) < 0.001
    assert version.onnx.digest == version.gate["onnx_sha256"]
    assert version.pictures.count() == len(export_check.PHOTOS)
    assert str(Promotion.objects.current("segmentation").reason) == services.SHIPPED
    assert shipped_weights.register() == ([], [])


def test_weights_of_another_shape_fail_with_the_reason(tmp_path, run_jobs):
    broken = tmp_path / "broken.safetensors"
    card = model_cards.read(SEGMENTATION) | {"arguments": {"widths": [16, 12, 8, 8]}}
    save_with(card, load_file(SEGMENTATION), broken)
    version = services.register_weights(path=broken)
    run_jobs()
    assert Job.objects.get().state == State.SUCCEEDED
    version.refresh_from_db()
    assert not version.is_usable
    assert "size mismatch" in in_words(version.gate["reason"])


def test_weights_that_answer_nothing_are_held_back(tmp_path, run_jobs):
    """Not-a-number compares as different: the gate must not let it through."""
    tensors = {
        name: np.full_like(value, np.nan) if value.dtype.kind == "f" else value
        for name, value in load_file(SEGMENTATION).items()
    }
    save_with(model_cards.read(SEGMENTATION), tensors, tmp_path / "nan.safetensors")
    version = services.register_weights(path=tmp_path / "nan.safetensors")
    run_jobs()
    version.refresh_from_db()
    assert version.gate["passed"] is False
    assert version.onnx is None


def save_with(card, tensors, path):
    import json

    save_file(tensors, path, {"card": json.dumps(card)})


def test_an_upgrade_respects_what_an_admin_chose(admin):
    shipped_weights.register()
    chosen = ModelVersion.objects.get(stage="segmentation")
    services.promote(version=chosen, reason="after a study", promoted_by=admin)
    ModelVersion.objects.filter(pk=chosen.pk).update(weights_sha256="an older one")
    shipped_weights.register()
    assert Promotion.objects.current("segmentation").reason == "after a study"


def test_the_gates_pictures_are_the_same_everywhere():
    first = export_check.example.__wrapped__("chelsea")
    again = export_check.example.__wrapped__("chelsea")
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert (first[2] & 7).any()


def test_the_weights_are_the_files_bytes():
    shipped_weights.register()
    version = ModelVersion.objects.get(stage="segmentation")
    assert storage.read(version.weights) == SEGMENTATION.read_bytes()


def test_a_start_queues_what_is_new_and_only_once(run_jobs):
    shipped_weights.take_up()
    shipped_weights.take_up()
    assert Job.objects.get().kind == "training.take_up_shipped"
    run_jobs()
    assert Job.objects.get().state == State.SUCCEEDED, Job.objects.get().error
    assert set(Promotion.objects.in_production()) == {"segmentation", "inpainting", "colorization"}
    shipped_weights.take_up()
    assert Job.objects.count() == 1
