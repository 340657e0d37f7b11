"""Four roles (Django groups), and the rule that a view which names none is closed.

A view says who may enter: ``@public``, ``@needs("assessor")`` or ``@signed_in``. Admins
(superusers and members of "admin") may enter everywhere.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.generic import RedirectView

ROLES = ("assessor", "reviewer", "voter", "admin")
PUBLIC, SIGNED_IN = "public", "signed-in"
View = TypeVar("View", bound=Callable[..., Any])
Person = User | AnonymousUser | AbstractBaseUser


def roles_of(user: Person) -> frozenset[str]:
    """The roles of a user; read once and kept on the object for the request."""
    if not user.is_authenticated or not isinstance(user, User):
        return frozenset()
    if not hasattr(user, "_roles"):
        names = set(user.groups.order_by().values_list("name", flat=True)) & set(ROLES)
        if user.is_superuser:
            names.add("admin")
        user._roles = frozenset(names)  # type: ignore[attr-defined]
    roles: frozenset[str] = user._roles  # type: ignore[attr-defined]
    return roles


def may(user: Person, *roles: str) -> bool:
    """True when the user has one of the roles, or is an admin."""
    return bool(roles_of(user) & {*roles, "admin"})


def admins() -> QuerySet[User]:
    """Those who may enter everywhere, by role or as superuser, and whose account is open."""
    by_role = Q(pk__in=User.objects.filter(groups__name="admin").values("pk"))
    return User.objects.filter(by_role | Q(is_superuser=True), is_active=True)


def needs(*roles: str) -> Callable[[View], View]:
    """Opens a view to these roles (and to admins)."""
    unknown = set(roles) - {*ROLES, PUBLIC, SIGNED_IN}
    if unknown:
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")

    def mark(view: View) -> View:
        view.roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def passes(lets_in: Callable[[HttpRequest], bool]) -> Callable[[View], View]:
    """Opens a view, beside its roles, to whoever is not signed in and has such a pass."""

    def mark(view: View) -> View:
        view.lets_in = lets_in  # type: ignore[attr-defined]
        return view

    return mark


public = needs(PUBLIC)
signed_in = needs(SIGNED_IN)


def allowed_roles(view: Callable[..., Any]) -> frozenset[str]:
    """Who may enter a view; empty means nobody but an admin."""
    target = getattr(view, "view_class", view)
    # REST views answer for themselves, after their own way of signing in (their default
    # permission is admin only), and so do Django's own login, logout and admin views.
    own = isinstance(getattr(view, "cls", None), type) or target is RedirectView
    if own or getattr(target, "__module__", "").startswith("django.contrib."):
        return frozenset({PUBLIC})
    declared = getattr(view, "roles", getattr(target, "roles", None))
    return frozenset(declared or ())


class DenyByDefault:
    """Middleware: refuses every view that did not say who may enter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        allowed = allowed_roles(view)
        if PUBLIC in allowed:
            return None
        if not request.user.is_authenticated:
            lets_in = getattr(view, "lets_in", None)
            if lets_in is not None and lets_in(request):
                return None
            return redirect_to_login(request.get_full_path())
        if SIGNED_IN in allowed or may(request.user, *allowed):
            return None
        raise PermissionDenied("Your account has no role that opens this page.")


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context: the roles of whoever is looking, for the menu."""
    user = getattr(request, "user", None)
    return {"roles": roles_of(user) if user is not None else frozenset()}
