"""Invitations and links for a new password: made by an admin, opened once by whoever has them."""

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.mail import outbox
from accounts.models import OneUseLink
from accounts.people.admins import not_above
from accounts.people.sessions import sign_out_everywhere
from config.errors import Refused
from config.web.roles import ROLES

INVITED = """\
{by} invites you to {site}.

Choose a name and a password here, within {days} days; the link opens once:

{link}
"""
RESET = """\
Somebody asked for a new password for your account {name} at {site}.

Choose one here, within {hours} hours; the link opens once:

{link}

If it was not you, do nothing: your password stays as it is.
"""


def address(secret: str) -> str:
    """The whole address, for whoever passes it on."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('open_link', args=[secret])}"


def invite(
    *, by: User, roles: list[str], name: str = "", email: str = ""
) -> tuple[OneUseLink, str]:
    """The link's row and secret; goes by mail too where mail is set up and an address is given."""
    if unknown := set(roles) - set(ROLES):
        raise Refused(f"There is no role {', '.join(sorted(unknown))}.")
    if name and User.objects.filter(username__iexact=name).exists():
        raise Refused(f"There is an account {name} already.")
    with transaction.atomic():
        row, secret = OneUseLink.objects.make(
            OneUseLink.Kind.INVITE, made_by=by, roles=roles, name=name, email=email
        )
        if email and outbox.mail_is_set_up():
            text = INVITED.format(by=by, site=settings.PUBLIC_URL, days=7, link=address(secret))
            outbox.post(to=email, kind="invitation", subject="You are invited", body=text)
    return row, secret


def reset(user: User, *, by: User | None = None) -> tuple[OneUseLink, str]:
    """A link for a new password; earlier ones end. ``by`` nobody: she forgot it herself."""
    if by is not None:
        not_above(user, by)
    if not user.is_active:
        raise Refused("This account is closed: open it first.")
    with transaction.atomic():
        for earlier in OneUseLink.objects.usable().filter(person=user):
            earlier.withdraw()
        row, secret = OneUseLink.objects.make(OneUseLink.Kind.RESET, person=user, made_by=by)
        if user.email and outbox.mail_is_set_up():
            text = RESET.format(
                name=user.username, site=settings.PUBLIC_URL, hours=4, link=address(secret)
            )
            outbox.post(
                to=user.email, person=user, kind="reset", subject="A new password", body=text
            )
    return row, secret


def forgot(given: str) -> None:
    """By name or address; whether there is such an account, nobody learns from the answer."""
    people = User.objects.filter(is_active=True).exclude(email="")
    for user in people.filter(username=given) or people.filter(email__iexact=given):
        if user.has_usable_password() and not _asked_lately(user):
            reset(user)


def _asked_lately(user: User) -> bool:
    """One letter is on its way or fresh: a stranger fills nobody's postbox."""
    return outbox.posted_lately(user, "reset", minutes=10)


def join(link: OneUseLink, *, username: str, email: str, password: str) -> User:
    """A new account with the invitation's roles."""
    try:
        with transaction.atomic():
            _spend(link)
            user = User.objects.create_user(username, email=email, password=password)
            user.groups.set(Group.objects.get_or_create(name=role)[0] for role in link.roles)
            OneUseLink.objects.filter(pk=link.pk).update(person=user)
    except IntegrityError as error:
        raise Refused("This name is taken: choose another.") from error
    return user


def choose_password(link: OneUseLink, password: str) -> User:
    """Whoever knew the old one is out: sessions and tokens end."""
    user = link.person
    if user is None:
        raise Refused("This link makes an account.")
    with transaction.atomic():
        _spend(link)
        user.set_password(password)
        user.save(update_fields=["password"])
        sign_out_everywhere(user)
    return user


def _spend(link: OneUseLink) -> None:
    if not link.use():
        raise Refused("This link was used, withdrawn or has ended: ask for another.")
