"""The cast of an empty demo site: one account for each role, passwords drawn at random."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction

from config.env import VAR
from config.registry import demo_content
from config.web.roles import ROLES


@demo_content
def install() -> None:
    """Makes the accounts once, prints them once and keeps them in var/ for the owner alone."""
    if not settings.DEMO or User.objects.exists():
        return
    logins = {role: secrets.token_urlsafe(9) for role in ROLES}
    with transaction.atomic():
        for role, password in logins.items():
            make_person(role, password)
        path = Path(VAR) / "demo-logins.txt"
        write_private(path, "".join(f"{role} {word}\n" for role, word in logins.items()))
    lines = [f"  {role:10} {password}" for role, password in logins.items()]
    print("Demo accounts:", *lines, f"  (kept in {path})", sep="\n", flush=True)  # noqa: T201


def make_person(role: str, password: str) -> User:
    """An account named after its role; the admin also opens Django's own admin pages."""
    admin = role == "admin"
    user = User.objects.create_user(role, password=password, is_staff=admin, is_superuser=admin)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def write_private(path: Path, text: str) -> None:
    """Readable by the owner from its first byte on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
