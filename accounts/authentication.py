"""`Authorization: Bearer …` (or `Token …`) on the API, and what the token's scopes let through."""

from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import ApiToken
from accounts.scopes import needed

KEYWORDS = (b"bearer", b"token")


class TokenAuthentication(BaseAuthentication):
    """Scopes are looked at here, so that no view can forget to: a room's views need its scope."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() not in KEYWORDS:
            return None
        if len(parts) != 2:
            raise _failed("The header is `Authorization: Bearer TOKEN`.")
        token = ApiToken.objects.found(parts[1].decode("ascii", "replace"))
        if token is None:
            raise _failed("This token is unknown, revoked or has ended.")
        _check_scope(request, token)
        token.note_use()
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def _failed(sentence: str) -> AuthenticationFailed:
    return AuthenticationFailed({"code": "token", "detail": sentence})


def _check_scope(request: Request, token: ApiToken) -> None:
    view: Any = (request.parser_context or {}).get("view")
    package = type(view).__module__.partition(".")[0]
    scope = needed(package, request.method or "", getattr(view, "act_needed", ""))
    if scope is None or not token.allows(scope):
        said = f"This token lacks the scope {scope}." if scope else "No token may do this."
        raise PermissionDenied({"code": "scope", "detail": said})


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
