"""How often one caller may ask the API; every refusal says with Retry-After when to come back."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from config.web.client_address import client_address, neighbourhood


class AddressThrottle(SimpleRateThrottle):
    """Counts by the caller's address, behind proxies too; one household of IPv6 is one caller."""

    def get_ident(self, request: Request) -> str:
        return neighbourhood(client_address(request))


class ApiThrottle(AddressThrottle):
    """Rate "api" of the settings, by token, else by account, else by address."""

    scope = "api"

    def get_cache_key(self, request: Request, view: Any) -> str:
        ident = f"token-{request.auth.pk}" if hasattr(request.auth, "scopes") else ""
        if not ident and request.user.is_authenticated:
            ident = f"user-{request.user.pk}"
        ident = ident or str(self.get_ident(request))
        return self.cache_format % {"scope": self.scope, "ident": ident}


class SignInThrottle(AddressThrottle):
    """Asking for tokens, by address; axes counts wrong passwords beside it."""

    scope = "api"
    rate = "20/minute"

    def get_cache_key(self, request: Request, view: Any) -> str:
        return self.cache_format % {"scope": "token", "ident": self.get_ident(request)}
