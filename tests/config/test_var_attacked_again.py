"""var/ attacked another way than tests/config/test_var_folder.py does: rights, links, torn journals.

Root may do everything, so its commands run here without that capability.
"""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys

import pytest

from config.var_folder import check_database
from tests.config.test_deployment import ROOT
from tests.config.test_var_folder import PHOTO, grown, manage, open_to_others, var  # noqa: F401

pytestmark = [pytest.mark.slow, pytest.mark.long]
PREPARE = ("up", "--prepare-only", "--no-demo")
COUNT = "from photos.models import Photo; print('photographs:', Photo.objects.count())"


def without_power(var, *arguments):  # noqa: F811
    """As an account that modes hold for."""
    before = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may do everything, and there is no setpriv to take that away")
        before = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]
    return subprocess.run(
        [*before, sys.executable, "manage.py", *arguments],
        cwd=ROOT, capture_output=True, text=True,
        env={"HEIRLOOM_VAR": str(var), "PATH": os.environ["PATH"], "LOG_LEVEL": "ERROR"},
    )  # fmt: skip


def is_a_sentence(done):
    assert done.returncode == 2, (done.returncode, done.stderr[-800:])
    assert "restore_backup" in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3


@pytest.fixture(scope="module")
def count(grown):  # noqa: F811
    """How many photographs are there before."""
    return counted(manage(grown, "shell", "-c", COUNT))


def counted(done):
    assert "photographs: " in done.stdout, done.stderr
    return int(done.stdout.rpartition("photographs: ")[2])


@pytest.mark.long
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_no_umask_opens_var(tmp_path, umask, count):
    made = tmp_path / "made"
    done = manage(made, *PREPARE, umask=umask)
    assert done.returncode == 0, done.stderr
    done = manage(made, "shell", "-c", PHOTO, umask=umask)
    assert done.returncode == 0, done.stderr
    assert open_to_others(made) == []
    assert counted(without_power(made, "shell", "-c", COUNT)) == count


def test_a_var_behind_links_is_as_private(var, tmp_path, count):  # noqa: F811
    """var/ and its media on other disks, open to others before."""
    disk = tmp_path / "disk"
    shutil.move(var, disk)
    shutil.move(disk / "media", tmp_path / "pictures")
    (disk / "media").symlink_to(tmp_path / "pictures")
    var.symlink_to(disk)
    for folder in (disk, tmp_path / "pictures"):
        folder.chmod(0o777)
    done = manage(var, *PREPARE)
    assert done.returncode == 0, done.stderr
    assert counted(manage(var, "shell", "-c", COUNT)) == count
    for folder in (disk, tmp_path / "pictures"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    assert open_to_others(tmp_path / "pictures") == []


def test_a_var_of_an_odd_name_is_looked_through_too(var, tmp_path, count):  # noqa: F811
    odd = tmp_path / "disk #1? 100%"
    shutil.move(var, odd)
    assert manage(odd, *PREPARE).returncode == 0
    assert counted(manage(odd, "shell", "-c", COUNT)) == count
    (odd / "heirloom.sqlite3").write_bytes(os.urandom(90_000))
    is_a_sentence(manage(odd, *PREPARE))


def test_a_link_that_leads_nowhere_is_a_sentence(tmp_path):
    (tmp_path / "var").symlink_to(tmp_path / "disk that was not mounted")
    done = manage(tmp_path / "var", *PREPARE)
    assert done.returncode == 2 and "a disk may be missing" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


NOT_OURS = {
    "the database": ("heirloom.sqlite3", 0o000),
    "a database to read alone": ("heirloom.sqlite3", 0o400),
    "the key": ("secret_key", 0o000),
    "the folder": (".", 0o000),
    "a folder to read alone": (".", 0o500),
    "files to read alone": ("media", 0o500),
    "the log": ("log/heirloom.log", 0o400),
}


@pytest.mark.parametrize("what", NOT_OURS)
def test_what_another_account_owns_is_a_sentence(var, what):  # noqa: F811
    name, mode = NOT_OURS[what]
    (var / name).chmod(mode)
    try:
        is_a_sentence(without_power(var, *PREPARE))
    finally:
        (var / name).chmod(0o700)


def dark(var):  # noqa: F811
    """As a power cut leaves it: a photograph more, which is in the journal alone."""
    code = PHOTO + "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    manage(var, "shell", "-c", code)
    journal = var / "heirloom.sqlite3-wal"
    assert journal.stat().st_size > 1000
    return journal


def torn(journal):
    journal.write_bytes(journal.read_bytes()[:-700])


def scribbled(journal):
    content = bytearray(journal.read_bytes())
    content[-1500:-900] = os.urandom(600)
    journal.write_bytes(content)


def headless(journal):
    journal.write_bytes(os.urandom(32) + journal.read_bytes()[32:])


def index_of_noise(journal):
    journal.with_name("heirloom.sqlite3-shm").write_bytes(os.urandom(32768))


@pytest.mark.parametrize("tear", [torn, scribbled, headless, index_of_noise])
def test_a_torn_journal_costs_its_last_words_and_nothing_else(var, tear, count):  # noqa: F811
    tear(dark(var))
    done = manage(var, *PREPARE)
    assert done.returncode == 0, done.stderr
    assert counted(manage(var, "shell", "-c", COUNT)) in (count, count + 1)
    check_database(var / "heirloom.sqlite3")


@pytest.mark.long
def test_tables_that_were_in_a_lost_journal_are_not_made_anew(var):  # noqa: F811
    """An empty database beside files: a sweep would take them for nobody's."""
    for path in var.glob("heirloom.sqlite3*"):
        path.unlink()
    with sqlite3.connect(var / "heirloom.sqlite3") as line:
        line.execute("PRAGMA user_version = 1")
    is_a_sentence(manage(var, *PREPARE))
    assert list(var.glob("media/??/*"))
