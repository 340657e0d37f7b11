"""A person is forgotten: the account loses its name and keys; what she painted and voted stays."""

import logging
from collections.abc import Callable, Iterator

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts.models import OneUseLink
from accounts.people.admins import keep_one
from accounts.people.handing_over import hand_over
from accounts.people.sessions import end_sessions
from accounts.personal.fates import FATES, NAMED, Fate
from config.registry import Registry

log = logging.getLogger(__name__)
FORMER = "former-"
photographs_go: Registry[Callable[[User], int]] = Registry("belongings")
"""Marks what erases the photographs that a person brought; answers how many."""


def forget_person(
    user: User, *, with_photographs: bool = False, drafts_to: User | None = None
) -> int:
    """Answers how many photographs were erased. Refused for the last admin, whom nobody replaces.

    What she had begun goes to `drafts_to`, else back to the queue: none is left alone.

    Photographs first and each by itself: an open study may refuse one, and then nothing else has
    happened.
    """
    with transaction.atomic():
        keep_one(user)
    erased = sum(go(user) for go in photographs_go.all()) if with_photographs else 0
    name = user.username
    with transaction.atomic():
        keep_one(user)
        hand_over(user, drafts_to)
        for link in OneUseLink.objects.usable().filter(made_by=user):
            link.withdraw()  # without its maker it would look like one that nobody made
        _rows(user)
        _name(user, name)
        end_sessions(user)
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
