"""A run made in a shell: seen on the page, taken in with curves, samples, weights and digests."""

import fcntl
import json

import pytest
from django.core.management import CommandError, call_command

from tests.training.builders import photo, tiny, weight_file
from training.models import ModelVersion, TrainingRun
from training.run_folder import Item, RunFolder, Spec
from training.services import taking_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shell(settings, tmp_path):
    """A finished run folder in the site's folder of runs; one of its photographs is here."""
    known = photo(1)
    path = tmp_path / "runs" / "trial"
    folder = RunFolder(path)
    items = [
        Item(image="/there/a.png", image_sha256=known.working_id, licence="CC0", group="a"),
        Item(image="/there/b.png", image_sha256="b" * 64, split="validation", mask_sha256="c" * 64),
    ]
    folder.write(Spec(recipe=tiny("inpainting"), seed=3, detached=True), items)
    folder.metric(step=8, split="validation", values={"score": 0.5}, epoch=1, seconds=2.0)
    folder.metric(step=16, split="validation", values={"score": 0.25}, epoch=2, seconds=4.0)
    (path / "samples").mkdir()
    (path / "samples" / "00000016_0.png").write_bytes(b"a picture")
    (path / "samples" / "00000016_1.png").symlink_to("/etc/hostname")
    weight_file(tmp_path).rename(path / "best.safetensors")
    return path


def test_the_page_shows_it_and_takes_it_in(admin, sign_in, shell):
    client = sign_in(admin)
    assert "has weights" in client.get("/training/runs/found/").content.decode()
    answer = client.post("/training/runs/found/", {"folder": "trial"}, follow=True)
    assert "It made" in answer.content.decode()
    run = TrainingRun.objects.get()
    assert (run.stage, run.seed, run.created_by, run.job) == ("inpainting", 3, admin, None)
    assert list(run.metrics.values_list("step", "value")) == [(8, 0.5), (16, 0.25)]
    assert [path.name for path in (run.folder / "samples").iterdir()] == ["00000016_0.png"]
    assert ModelVersion.objects.get(run=run).name == "tiny inpainting, trial"
    assert "taken in" in client.get("/training/runs/found/").content.decode()
    assert client.get("/training/runs/").status_code == 200


def test_the_snapshot_knows_the_photographs_by_digest(shell):
    items = taking_in.take_in(shell).snapshot.items
    assert set(items.values_list("split", "mask_digest")) == {
        ("train", ""),
        ("validation", "c" * 64),
    }
    assert items.get(split="train").photo is not None
    assert items.get(split="validation").photo is None


def test_it_is_taken_in_once_and_by_the_shell_too(shell, capsys):
    call_command("take_in_run", str(shell))
    assert "inpainting: tiny" in capsys.readouterr().out
    with pytest.raises(CommandError, match="taken in before"):
        call_command("take_in_run", str(shell))


def test_one_that_trains_waits(admin, sign_in, shell):
    with (shell / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "training</span>" in sign_in(admin).get("/training/runs/found/").content.decode()
        with pytest.raises(taking_in.Refused, match="still training"):
            taking_in.take_in(shell)


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"format": 1, "recipe": 3})])
def test_a_folder_that_is_no_run_says_so(admin, sign_in, shell, content):
    (shell / "spec.json").write_text(content)
    assert "is no run folder" in sign_in(admin).get("/training/runs/found/").content.decode()
    with pytest.raises(CommandError, match="is no run folder"):
        call_command("take_in_run", str(shell))
    assert not TrainingRun.objects.exists()


def test_no_other_folder_can_be_named(admin, sign_in, shell):
    answer = sign_in(admin).post("/training/runs/found/", {"folder": "../runs/trial"})
    assert answer.status_code == 409
