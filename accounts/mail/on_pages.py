"""How many notices are new, for the head of every page."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Notice

MOST = 99


def unread(request: HttpRequest) -> dict[str, Any]:
    """Asked only by templates that show it."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return {}
    return {"unread_notices": SimpleLazyObject(lambda: _count(user))}


def _count(user: Any) -> int:
    rows = Notice.objects.filter(person_id=user.pk).unread().order_by()
    return int(rows[:MOST].count())
