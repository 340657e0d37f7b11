"""Lays out a site and runs its processes, each of which may be killed and started again."""

import os
import signal
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from jobs.operations.die_with_parent import ask_for_parent_death_signal
from tests.benchmarks import servers
from tests.benchmarks.site import free_port

ROOT = Path(__file__).resolve().parents[2]


def on_servers(play, given, **settings):
    """What `play` answers on a PostgreSQL and a Redis that keep what they confirm, in a new var/."""
    try:
        with (
            tempfile.TemporaryDirectory(prefix="heirloom-crowd-") as name,
            servers.postgresql(durable=True) as database,
            servers.redis(durable=True) as broker,
        ):
            settle(Path(name), database, broker, **settings)
            return play(Path(name), database, broker, given)
    except servers.Missing as reason:
        print(f"{reason} A crowd needs both.")
        return 0


def settle(var, database, broker, **more):
    """Points this process and all its children at the servers; call before Django is imported."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HEIRLOOM_VAR": str(var),
        "DATABASE_URL": database.address,
        "BROKER_URL": broker.address,
        "CACHE_URL": broker.address.replace("redis://", "rediscache://"),
        "SECRET_KEY": "a crowd",
        "UPLOADS_PER_HOUR": "10000000",
        "LOG_LEVEL": "WARNING",
        "OMP_NUM_THREADS": "1",
        "TORCH_THREADS": "1",
        **more,
    }
    import django

    django.setup()
    from django.core.management import call_command

    from jobs.operations import first_run

    call_command("migrate", verbosity=0)
    first_run.collect_static(str)


def sessions(role, count):
    """Session keys of so many new people with a role."""
    from django.conf import settings
    from django.contrib.auth.models import Group, User
    from django.test import Client

    group = Group.objects.get_or_create(name=role)[0]
    keys = []
    for number in range(count):
        user = User.objects.create(username=f"{role}{number}")
        user.groups.add(group)
        client = Client()
        client.force_login(user)
        keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return keys


def photos_to_paint(count, width=1600, height=1200):
    from tests.annotate.builders import ready_photo

    first = ready_photo(width, height)
    names = ("original", "working", "display", "preview", "thumbnail", "cost_map")
    files = {name: getattr(first, name) for name in names}
    facts = {"width": width, "height": height, "wants_mask": True, "state": first.state}
    type(first).objects.bulk_create(
        type(first)(title=f"Plate {number}", **files, **facts) for number in range(count - 1)
    )


def open_study(photos=12):
    """Three candidates; a cap that nobody reaches."""
    from evaluation import services
    from evaluation.models import Study
    from tests.evaluation.conftest import make_photo, make_version, open_now

    study = services.create_study(
        stage="inpainting", question="Which is better?", cap=100_000, training=False,
        versions=[make_version(f"rival {n}") for n in range(3)],
        photos=[make_photo(f"in the study {n}") for n in range(photos)],
    )  # fmt: skip
    return Study.objects.get(pk=open_now(study).pk)


def production(folder):
    from tests.pipeline.builders import production as install

    install(folder)


def upload(seed):
    """A small photograph that nobody has sent before."""
    from tests.pipeline.builders import upload as png

    rng = np.random.default_rng(seed)
    ramp = np.linspace(30, 200, 96)[None, :, None] * np.ones((80, 1, 3))
    return png(np.clip(ramp + rng.normal(0, 8, (80, 96, 1)), 0, 255).astype(np.uint8))


class Part:
    """One process of the site, as `manage.py up` starts it."""

    def __init__(self, name, command, environment, log):
        self.name, self.command, self.log = name, command, log
        self.environment = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log,
            start_new_session=True, preexec_fn=ask_for_parent_death_signal,
        )  # fmt: skip

    def kill(self):
        """The whole group, as a machine that goes dark."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def megabytes(self):
        """Resident memory of the process and its children."""
        total = 0
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.process.pid:  # its process group
                    pages = (status.parent / "statm").read_text().split()[1]
                    total += int(pages) * os.sysconf("SC_PAGE_SIZE")
            except (OSError, ValueError):
                continue
        return total / 1e6


def processor_seconds(roots):
    """Of each process by name, all its children and what has ended of them, and of the machine."""
    times, children = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        times[int(stat.parent.name)] = sum(map(int, fields[11:15]))
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))

    def of(pid):
        return times.get(pid, 0) + sum(map(of, children.get(pid, [])))

    ticks = os.sysconf("SC_CLK_TCK")
    user, nice, system = map(int, Path("/proc/stat").read_text().split()[1:4])
    return {name: of(process.pid) / ticks for name, process in roots.items()} | {
        "crowd": time.process_time(),
        "machine": (user + nice + system) / ticks,
    }


@contextmanager
def parts(var, names=("web", "workers", "beat"), more=None):
    """The site's processes by name, with the web's address; all stopped at the end.

    `more` are variables of their environment alone.
    """
    from jobs.management.commands.up import children

    port = free_port()
    with (Path(var) / "parts.log").open("ab") as log:
        found = {
            child.name: Part(child.name, child.command, child.environment | (more or {}), log)
            for child in children(list(names), "127.0.0.1", port)
        }
        try:
            for part in found.values():
                part.start()
            address = f"http://127.0.0.1:{port}"
            wait_until(lambda: is_ready(address), 240)
            yield address, found
        finally:
            for part in found.values():
                if part.process is not None and part.process.poll() is None:
                    part.stop()


def is_ready(address):
    try:
        return urllib.request.urlopen(f"{address}/health/ready", timeout=5).status == 200
    except OSError:
        return False


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.25)
    return False


def at_most(people, seconds):
    """Waits for threads; how many did not come home."""
    end = time.monotonic() + seconds
    for person in people:
        person.join(max(0.0, end - time.monotonic()))
    return sum(person.is_alive() for person in people)
