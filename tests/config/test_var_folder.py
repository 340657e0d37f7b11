"""What lies in var/ is its owner's alone; a broken var/ is a sentence that says what to do."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys

import pytest

from config.var_folder import trouble
from tests.config.test_deployment import ROOT

pytestmark = pytest.mark.slow


def manage(var, *arguments, umask=0o022):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, capture_output=True, text=True, umask=umask,
        env={"HEIRLOOM_VAR": str(var), "PATH": os.environ["PATH"], "LOG_LEVEL": "ERROR"},
    )  # fmt: skip


PHOTO = """
import io
from PIL import Image
from django.core.files.base import ContentFile
from photos import services, storage
b = io.BytesIO(); Image.new("RGB", (80, 60), 128).save(b, "PNG")
blob = storage.put(b.getvalue(), "image/png")
from photos.models import Photo
Photo.objects.create(title="x", original=blob)
"""


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A var/ as an earlier release left it, with a start of this one and a photograph."""
    var = tmp_path_factory.mktemp("grown") / "var"
    (var / "log").mkdir(parents=True)
    (var / "log" / "heirloom.log").write_text("old")
    (var / "runs" / "x").mkdir(parents=True)
    (var / "runs" / "x" / "spec.json").write_text("{}")
    done = manage(var, "up", "--prepare-only", "--no-demo")
    assert done.returncode == 0, done.stderr
    done = manage(var, "shell", "-c", PHOTO)
    assert done.returncode == 0, done.stderr
    return var


@pytest.fixture
def var(grown, tmp_path):
    """A copy to be broken."""
    shutil.copytree(grown, tmp_path / "var")
    return tmp_path / "var"


def open_to_others(folder):
    each = [folder, *folder.rglob("*")]
    return [path for path in each if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def test_nothing_in_var_is_open_to_others(grown):
    assert stat.S_IMODE(grown.stat().st_mode) == 0o700
    assert (grown / "heirloom.sqlite3").exists() and list(grown.glob("media/??/*"))
    assert open_to_others(grown) == []


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_what_is_written_elsewhere_keeps_the_callers_umask(grown, tmp_path, umask, mode):
    done = manage(grown, "backup", str(tmp_path / "monday"), umask=umask)
    assert done.returncode == 0, done.stderr
    written = [path for path in (tmp_path / "monday").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {mode}


def test_weights_that_are_exported_keep_it_too(tmp_path):
    code = (
        "import os, sys, torch; from pathlib import Path; from training.networks import weights;"
        "os.umask(0o027); weights.save(Path(sys.argv[1]), torch.nn.Linear(1, 1),"
        "{'stage': 'x', 'network': 'y', 'arguments': {}})"
    )
    path = tmp_path / "w.safetensors"
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=True)
    assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o640}


def half(var):
    path = var / "heirloom.sqlite3"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 // 4096 * 4096 + 100])


def noise(var):
    (var / "heirloom.sqlite3").write_bytes(os.urandom(100_000))


def scratched(var):
    """Pages in the middle were overwritten; SQLite would notice when it comes to them."""
    with sqlite3.connect(var / "heirloom.sqlite3") as line:
        line.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray((var / "heirloom.sqlite3").read_bytes())
    content[3 * 4096 : 40 * 4096] = os.urandom(37 * 4096)
    (var / "heirloom.sqlite3").write_bytes(content)


def lost(var):
    for path in var.glob("heirloom.sqlite3*"):
        path.unlink()


def without_files(var):
    for path in var.glob("media/??/*"):
        path.unlink()


def a_file(var):
    shutil.rmtree(var)
    var.write_text("not a folder")


def a_folder_in_the_place_of_the_database(var):
    lost(var)
    (var / "heirloom.sqlite3").mkdir()


BREAKS = [
    half,
    noise,
    scratched,
    lost,
    without_files,
    a_file,
    a_folder_in_the_place_of_the_database,
]


@pytest.mark.parametrize("break_", BREAKS)
def test_a_broken_var_ends_in_a_sentence_that_names_restore_backup(var, break_):
    break_(var)
    done = manage(var, "up", "--prepare-only", "--no-demo")
    assert done.returncode == 2, done.stderr[-500:]
    assert "restore_backup" in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3


@pytest.mark.parametrize(
    "command", [["migrate"], ["shell", "-c", "import photos.models as m; m.Photo.objects.count()"]]
)
@pytest.mark.parametrize("break_", [noise, a_file])
def test_other_commands_say_it_too(var, break_, command):
    break_(var)
    done = manage(var, *command)
    assert done.returncode == 2 and "restore_backup" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_a_sentence():
    done = manage("/sys/heirloom", "check")
    assert done.returncode == 2 and "restore_backup" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_restored_backup_starts_again(var, tmp_path):
    assert manage(var, "backup", str(tmp_path / "monday")).returncode == 0
    noise(var)
    lost(var)
    without_files(var)
    done = manage(var, "restore_backup", str(tmp_path / "monday"), "--overwrite")
    assert done.returncode == 0, done.stderr
    done = manage(var, "up", "--prepare-only", "--no-demo")
    assert done.returncode == 0, done.stderr
    assert open_to_others(var) == []


def test_other_errors_stay_what_they_are():
    assert trouble(ValueError("a corrupt thing")) is None
    assert trouble(FileNotFoundError(2, "no", "/elsewhere")) is None
