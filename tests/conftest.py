"""The cast (assessor, reviewer, voter, admin, stranger), and work that runs at once."""

import os
import shutil

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from kombu.transport.memory import Channel

from photos.decoding import scans
from photos.files import sha256

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs an event loop
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Tests kill processes, never the machine: what was written is read back without the disk's word.
os.fsync = lambda file: None


def person(name: str, *roles: str) -> User:
    user = User.objects.create_user(name, password="correct horse")
    for role in roles:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture(autouse=True)
def empty_broker():
    """All tests of a process share the broker in memory, and a sweep counts what waits there."""
    Channel.queues.clear()


@pytest.fixture(autouse=True)
def fresh_counts():
    """All tests of a process come from one address, whose photographs are counted by the hour."""
    cache.clear()


READ = {}  # files by what was read, and how
read_child = scans.run_child


def read_once(source, folder, within, wall_seconds, *program):
    """As `scans.run_child`: the same bytes, read in the same way, give the same files."""
    if program:
        read_child(source, folder, within, wall_seconds, *program)
        return
    key = sha256(source), repr(within), wall_seconds
    if key not in READ:
        read_child(source, folder, within, wall_seconds)
        made = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        if sum(map(len, made.values())) < 1_000_000:
            READ[key] = {path.name: data for path, data in made.items()}
    for name, data in READ.get(key, {}).items():
        (folder / name).write_bytes(data)


@pytest.fixture(autouse=True)
def scans_are_read_once(request, monkeypatch):
    """Half a second each in a process of its own, for hundreds of tests about something else."""
    if "/photos/" not in str(request.path):
        monkeypatch.setattr(scans, "run_child", read_once)


@pytest.fixture(scope="session")
def begun(tmp_path_factory):
    """Makes var/ folders of sites that were started before: a first start takes long, so one does."""
    from tests.jobs.running import running_up

    first = tmp_path_factory.mktemp("begun")
    with running_up(first):
        pass
    return lambda: shutil.copytree(first, tmp_path_factory.mktemp("site"), dirs_exist_ok=True)


@pytest.fixture
def assessor(db):
    return person("ada", "assessor")


@pytest.fixture
def other_assessor(db):
    return person("alan", "assessor")


@pytest.fixture
def reviewer(db):
    return person("rosa", "reviewer")


@pytest.fixture
def voter(db):
    return person("vera", "voter")


@pytest.fixture
def admin(db):
    user = person("amir", "admin")
    user.is_staff = user.is_superuser = True
    user.save()
    return user


@pytest.fixture
def stranger(db):
    """Signed in, but without any role."""
    return person("sam")


@pytest.fixture
def sign_in():
    """``sign_in(user)`` gives a client that is signed in as the user."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def run_jobs(django_capture_on_commit_callbacks, settings):
    """``run_jobs()`` runs every due job in this process, until none is left.

    No heartbeat: its connection would wait for the transaction that the test itself holds.
    """
    settings.JOB_HEARTBEAT_SECONDS = 3600
    from jobs.models import Job
    from jobs.tasks import run

    def run_all(limit: int = 50) -> None:
        for _ in range(limit):
            job = Job.objects.claimable().order_by("created_at").first()
            if job is None:
                return
            with django_capture_on_commit_callbacks(execute=False):
                run(str(job.pk))
        raise AssertionError(f"more than {limit} jobs")

    return run_all
