"""What somebody had begun goes on with another: rooms further right say what that is."""

from collections.abc import Callable

from django.contrib.auth.models import User

from config.errors import Refused
from config.registry import Registry
from config.web.roles import may

drafts_of: Registry[Callable[[User], int]] = Registry("belongings")
"""Marks what counts the unfinished work of a person."""
drafts_go: Registry[Callable[[User, User | None], int]] = Registry("belongings")
"""Marks what gives unfinished work to a person, or back to the queue; answers how much."""


def drafts(user: User) -> int:
    return sum(count(user) for count in drafts_of.all())


def hand_over(user: User, to: User | None) -> int:
    """Answers how many drafts went. Refused for somebody who could not go on with them."""
    if to is not None and (to.pk == user.pk or not to.is_active):
        raise Refused("Drafts go to another person whose account is open.")
    if to is not None and not may(to, "assessor", "reviewer"):
        raise Refused(f"{to} has no role that paints.")
    return sum(go(user, to) for go in drafts_go.all())
