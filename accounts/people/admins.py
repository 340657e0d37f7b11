"""The last admin stays, and nobody locks himself out: asked before every act that takes rights."""

from django.contrib.auth.models import Group, User
from django.db import connection

from config.errors import Refused
from config.web.roles import admins


def keep_one(user: User) -> None:
    """Refused where nobody else would be admin. Inside a transaction: two may ask at once."""
    if connection.features.has_select_for_update:
        list(Group.objects.select_for_update().filter(name="admin").values_list("pk"))
    if admins().filter(pk=user.pk).exists() and not admins().exclude(pk=user.pk).exists():
        raise Refused("This is the last admin: name another one first.")


def not_oneself(user: User, by: User, what: str) -> None:
    if user.pk == by.pk:
        raise Refused(f"You cannot {what} yourself: another admin can.")


def not_above(user: User, by: User) -> None:
    """Who does not open Django's own admin site gets no key to it by another's account."""
    if (user.is_superuser or user.is_staff) and not by.is_superuser:
        raise Refused("Only a superuser may change an account that opens the admin site.")
