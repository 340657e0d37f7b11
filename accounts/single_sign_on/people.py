"""Whom the provider's number means here, and the roles that its claim gives: those alone."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.models import Identity, digest
from accounts.people.admins import not_above, not_oneself
from accounts.people.sessions import sign_out_everywhere
from accounts.single_sign_on.setup import SignOnRefused, role_map
from config.errors import Refused
from config.web.roles import ROLES

log = logging.getLogger(__name__)
CLOSED = "This account is closed. An admin can open it."
ABOVE = "An account that opens the admin site signs in by its password, never through a provider."
NO_ROLE = "Your account at the sign-in provider has no role on this site: ask an admin for one."
TAKEN = (
    "There is an account of your name already. If it is yours, sign in by its password first, "
    "then come back through the provider; else ask an admin."
)


@dataclass(frozen=True)
class Claims:
    """What is used of them: the number that never changes, a name, an address, roles."""

    subject: str
    name: str
    email: str
    roles: frozenset[str]


def read(payload: Mapping[str, Any]) -> Claims:
    """An address that the provider did not verify is nobody's."""
    subject = str(payload["sub"])
    if not 0 < len(subject) <= 255:
        raise SignOnRefused("The sign-in provider gave no number for you.", "subject")
    verified = payload.get("email_verified") in (True, "true")
    email = _email(payload.get("email")) if verified else ""
    return Claims(
        subject, _name(payload.get("preferred_username"), subject), email, _roles(payload)
    )


def known(claims: Claims) -> Identity | None:
    found = Identity.objects.select_related("person")
    return found.filter(issuer=settings.SIGN_ON_ISSUER, subject=claims.subject).first()


def enter(claims: Claims) -> tuple[User, bool]:
    """The person, made at her first visit, with exactly the claim's roles; whether these changed.

    Never found by mail or name: whoever may choose these at the provider would choose an admin's.
    """
    identity = known(claims)
    user = identity.person if identity else _make(claims)
    _refuse_closed(user)
    changed = _give_roles(user, claims.roles)
    if not claims.roles:
        raise SignOnRefused(NO_ROLE, "no role")
    Identity.objects.filter(person=user, subject=claims.subject).update(seen_at=Now())
    return user, changed


def link(user: User, subject: str) -> None:
    """From now on the provider's number means this account, which she is signed in to."""
    if user.is_superuser or user.is_staff:
        raise Refused(ABOVE)
    if Identity.objects.filter(person=user, issuer=settings.SIGN_ON_ISSUER).exists():
        raise Refused("Your account is linked to another one at the provider.")
    try:
        with transaction.atomic():
            Identity.objects.create(person=user, issuer=settings.SIGN_ON_ISSUER, subject=subject)
    except IntegrityError as error:
        raise Refused("This account at the provider belongs to somebody here already.") from error


def unlink(user: User, *, by: User) -> int:
    """The provider's numbers mean her no more; sessions end, for some came through them.

    Refused of oneself without a password: no door would be left.
    """
    not_above(user, by)
    if not user.has_usable_password():
        not_oneself(user, by, "unlink")
    with transaction.atomic():
        gone: int = Identity.objects.filter(person=user).delete()[0]
        if not gone:
            raise Refused("This account is linked to none at the sign-in provider.")
        sign_out_everywhere(user)
    return gone


def _refuse_closed(user: User) -> None:
    if not user.is_active:
        raise SignOnRefused(CLOSED, f"account {user.pk} is closed")
    if user.is_superuser or user.is_staff:
        raise SignOnRefused(ABOVE, f"account {user.pk} opens the admin site")


def _make(claims: Claims) -> User:
    if not claims.roles:
        raise SignOnRefused(NO_ROLE, "no role")
    if User.objects.filter(username__iexact=claims.name).exists():
        raise SignOnRefused(TAKEN, "the name is taken", status=409)
    try:
        with transaction.atomic():
            user = User.objects.create_user(claims.name, email=claims.email)  # without a password
            link(user, claims.subject)
    except (IntegrityError, Refused) as error:
        raise SignOnRefused("Two came in at once: try again.", "a race", status=409) from error
    log.info("account %s was made by single sign-on", user.pk)
    return user


def _give_roles(user: User, roles: frozenset[str]) -> bool:
    """Those that the claim no longer gives go, the last admin's too: the provider decides."""
    had = set(user.groups.filter(name__in=ROLES).values_list("name", flat=True))
    if had == roles:
        return False
    with transaction.atomic():
        user.groups.remove(*Group.objects.filter(name__in=had - roles))
        user.groups.add(*(Group.objects.get_or_create(name=role)[0] for role in roles - had))
    said = ", ".join(sorted(roles)) or "none"
    log.info("roles of account %s are %s by the provider's claim", user.pk, said)
    return True


def _roles(payload: Mapping[str, Any]) -> frozenset[str]:
    """By the map of the site; what stands there does not give more than it says."""
    given = _found(payload, settings.SIGN_ON_ROLES_CLAIM)
    values = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    roles = role_map()
    return frozenset(roles[value] for value in values if isinstance(value, str) and value in roles)


def _found(payload: Mapping[str, Any], name: str) -> Any:
    """`realm_access.roles` is a claim of that name, else `roles` inside `realm_access`."""
    if name in payload:
        return payload[name]
    outer, dot, inner = name.partition(".")
    nested = payload.get(outer)
    return _found(nested, inner) if dot and isinstance(nested, Mapping) else None


def _name(given: Any, subject: str) -> str:
    """What she is called at the provider, where it can be a name here."""
    name = given if isinstance(given, str) and len(given) <= 150 else ""
    try:
        User.username_validator(name)
    except ValidationError:
        name = ""
    if not name or name.startswith("former-"):
        return f"guest-{digest(settings.SIGN_ON_ISSUER + subject)[:10]}"
    return User.normalize_username(name)


def _email(given: Any) -> str:
    try:
        validate_email(given)
    except ValidationError:
        return ""
    return str(given)
