"""What has to stand before the first page: tables, static files, demo content."""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from config.env import VAR
from config.registry import demo_content, start_step
from config.web.roles import ROLES

Say = Callable[[str], None]
# Never linked; its extensions import bare names that no browser could resolve.
UNUSED = ["django_htmx/ext/*", "django_htmx/htmx-4*", "django_htmx/htmax*", "rest_framework/*"]


def prepare(*, demo: bool, say: Say) -> None:
    """Every step is harmless when repeated and quick when nothing has changed."""
    if sqlite3.sqlite_version_info < (3, 35):
        raise SystemExit(f"SQLite 3.35 or newer is needed; Python has {sqlite3.sqlite_version}.")
    call_command("migrate", interactive=False, verbosity=0)
    collect_static(say)
    for role in ROLES:
        Group.objects.get_or_create(name=role)
    if demo and not User.objects.exists():
        install_demo(say)
    for step in start_step.all():
        step()


def collect_static(say: Say) -> None:
    """Only when a source file changed: hashing and compressing takes seconds."""
    digest = static_digest()
    kept = VAR / "static.digest"
    if kept.exists() and kept.read_text() == digest and any(Path(settings.STATIC_ROOT).iterdir()):
        return
    say("collecting static files")
    call_command(
        "collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=UNUSED
    )
    kept.write_text(digest)


def static_digest() -> str:
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda item: item[0]):
            state = Path(storage.path(path)).stat()
            seen.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def install_demo(say: Say) -> None:
    """Each room fills its own part."""
    for install in demo_content.all():
        say(f"demo content: {install.__module__.partition('.')[0]}")
        install()
