"""Who may call the API: the same roles as pages, asked by REST framework's own means."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from config.web.roles import PUBLIC, SIGNED_IN, may


class HasRole(BasePermission):
    """REST permission: the view's ``roles`` attribute names who may call it."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        roles: tuple[str, ...] = getattr(view, "roles", ())
        if PUBLIC in roles:
            return True
        if SIGNED_IN in roles:
            return bool(request.user and request.user.is_authenticated)
        return bool(request.user) and may(request.user, *roles)
