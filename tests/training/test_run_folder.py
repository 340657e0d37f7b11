"""The run folder: what goes in comes out, whole, and one process at a time."""

import json

import pytest

from training.recipes import preset
from training.run_folder import RESUMABLE, Busy, Item, RunError, RunFolder, Spec
from training.trainers import __main__ as command

ITEMS = [Item(image="a.png", split="train"), Item(image="b.png", mask="b_mask.png", group="b")]


@pytest.fixture
def run(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.write(Spec(recipe=preset("segmentation", "tiny"), seed=4, snapshot="abc"), ITEMS)
    return folder


def test_spec_and_items_come_back(run):
    assert run.items() == ITEMS
    assert run.spec() == Spec(recipe=preset("segmentation", "tiny"), seed=4, snapshot="abc")
    assert json.loads((run.path / "spec.json").read_text())["stage"] == "segmentation"


def test_another_format_is_refused(run):
    path = run.path / "spec.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(RunError, match="format 2"):
        run.spec()


def test_a_folder_without_training_photos_is_refused(run):
    run.write(run.spec(), [Item(image="a.png", split="validation")])
    with pytest.raises(RunError, match="no training photo"):
        run.items()


def test_a_malformed_item_is_refused(run):
    (run.path / "items.jsonl").write_text('{"picture": "a"}\n')
    with pytest.raises(RunError, match=r"items\.jsonl cannot be read"):
        run.items()


def test_the_digest_follows_recipe_seed_and_items(run):
    digests = {run.digest()}
    run.write(Spec(recipe=preset("segmentation", "tiny"), seed=5), ITEMS)
    digests.add(run.digest())
    run.write(Spec(recipe=preset("segmentation", "lite"), seed=5), ITEMS)
    digests.add(run.digest())
    run.write(Spec(recipe=preset("segmentation", "lite"), seed=5), ITEMS[:1])
    assert len(digests | {run.digest()}) == 4


def test_readers_keep_the_last_line_of_a_repeated_step(run):
    run.metric(step=8, split="train", values={"loss": 2.0}, epoch=0)
    run.metric(step=8, split="train", values={"loss": 1.0, "auc": None}, epoch=0)
    assert run.metrics() == {(8, "train", "loss"): 1.0, (8, "train", "auc"): None}


def test_a_second_process_is_turned_away(run):
    with run.locked(), pytest.raises(Busy, match="another process"), run.locked():
        pass
    with run.locked():
        pass


def test_a_second_process_is_no_failure_of_the_run(run):
    run.write(Spec(recipe=preset("segmentation", "lite"), detached=True), ITEMS[:1])
    with run.locked():
        assert command.train_in(run) == RESUMABLE
