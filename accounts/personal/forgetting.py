"""A person is forgotten: the account loses its name and keys; what she painted and voted stays."""

import logging
from collections.abc import Callable, Iterator

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from accounts.personal.fates import FATES, NAMED, Fate
from config.errors import Refused
from config.registry import Registry

log = logging.getLogger(__name__)
FORMER = "former-"
photographs_go: Registry[Callable[[User], int]] = Registry("belongings")
"""Marks what erases the photographs that a person brought; answers how many."""


def forget_person(user: User, *, with_photographs: bool = False) -> int:
    """Answers how many photographs were erased. Refused for the last admin, whom nobody replaces.

    Photographs first and each by itself: an open study may refuse one, and then nothing else has
    happened.
    """
    admins = User.objects.filter(Q(groups__name="admin") | Q(is_superuser=True), is_active=True)
    if admins.filter(pk=user.pk).exists() and not admins.exclude(pk=user.pk).exists():
        raise Refused("This is the last admin: name another one first.")
    erased = sum(go(user) for go in photographs_go.all()) if with_photographs else 0
    name = user.username
    with transaction.atomic():
        _rows(user)
        _name(user, name)
        _sessions(user)
    log.info("account %s was forgotten", user.pk)
    return erased


def _rows(user: User) -> None:
    for key, fate in FATES.items():
        model, _, field = key.rpartition(".")
        rows = apps.get_model(model)._base_manager.filter(**{field: user})
        if fate is Fate.GOES:
            rows.delete()
        elif fate is Fate.CUT:
            rows.update(**{field: None})


def _name(user: User, name: str) -> None:
    for key, fate in NAMED.items():
        model, _, field = key.rpartition(".")
        if fate is Fate.GOES:
            apps.get_model(model)._base_manager.filter(**{field: name}).delete()
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=kind, object_id=str(user.pk)).update(
        object_repr=f"{FORMER}{user.pk}", change_message=""
    )
    user.username, user.email = f"{FORMER}{user.pk}", ""
    user.first_name = user.last_name = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()


def _sessions(user: User) -> None:
    """They hold the account's number, signed: each must be read."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def left_of(user: User) -> Iterator[str]:
    """What still says who a forgotten person was; nothing, if all is well."""
    if user.username != f"{FORMER}{user.pk}" or user.is_active or user.has_usable_password():
        yield "the account itself"
    if any((user.email, user.first_name, user.last_name)):
        yield "her name or address"
    for key, fate in FATES.items():
        model, _, field = key.rpartition(".")
        rows = apps.get_model(model)._base_manager.filter(**{field: user})
        if fate is not Fate.NAMELESS and (count := rows.count()):
            yield f"{count} rows by {key}"
