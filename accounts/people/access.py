"""Roles, closing and opening of accounts, and what ends a lock-out."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.people.admins import keep_one, not_above, not_oneself
from accounts.people.handing_over import hand_over
from accounts.people.sessions import sign_out_everywhere
from config.errors import Refused
from config.web.roles import ROLES


def set_roles(user: User, roles: list[str], *, by: User) -> None:
    """Gives exactly these roles. Refused where it would take one's own, or the last, admin."""
    if unknown := set(roles) - set(ROLES):
        raise Refused(f"There is no role {', '.join(sorted(unknown))}.")
    not_above(user, by)
    with transaction.atomic():
        loses = user.groups.filter(name="admin").exists() and "admin" not in roles
        if loses and not user.is_superuser:
            not_oneself(user, by, "take the role of an admin from")
            keep_one(user)
        others = user.groups.exclude(name__in=ROLES)
        given = [Group.objects.get_or_create(name=role)[0] for role in roles]
        user.groups.set([*others, *given])


def deactivate(user: User, *, by: User, drafts_to: User | None = None) -> int:
    """Closes the account and all its doors; answers how many drafts went to somebody else."""
    not_oneself(user, by, "deactivate")
    not_above(user, by)
    with transaction.atomic():
        keep_one(user)
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            raise Refused("This account is closed already.")
        handed = hand_over(user, drafts_to)
        sign_out_everywhere(user)
    user.is_active = False
    return handed


def activate(user: User, *, by: User) -> None:
    """Opens a closed account; one that was forgotten stays closed, for it has no owner."""
    from accounts.personal.forgetting import FORMER

    not_above(user, by)
    if user.username == f"{FORMER}{user.pk}":
        raise Refused("This person was forgotten: invite her anew.")
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise Refused("This account is open.")


def locked() -> Q:
    """Attempts that lock a name at some address now."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    return Q(failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since)


def locked_names() -> set[str]:
    return set(AccessAttempt.objects.filter(locked()).values_list("username", flat=True))


def unlock(user: User) -> int:
    """Forgets wrong passwords given for this name; answers from how many addresses they came."""
    AccessFailureLog.objects.filter(username=user.username).delete()
    gone: int = AccessAttempt.objects.filter(username=user.username).delete()[0]
    return gone
