"""What the site says of its provider, and what is wrong with it, in sentences for the operator."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from config.errors import Refused
from config.web.roles import ROLES

ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
"""Those whose keys the provider publishes: neither "none", nor a secret that two share."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
NEEDED = {
    "OIDC_CLIENT_ID": "OIDC_RP_CLIENT_ID",
    "OIDC_CLIENT_SECRET": "OIDC_RP_CLIENT_SECRET",
    "OIDC_AUTHORIZATION_URL": "OIDC_OP_AUTHORIZATION_ENDPOINT",
    "OIDC_TOKEN_URL": "OIDC_OP_TOKEN_ENDPOINT",
    "OIDC_JWKS_URL": "OIDC_OP_JWKS_ENDPOINT",
}
"""Variables of the environment, and what mozilla-django-oidc calls them."""
URLS = {
    **{name: to for name, to in NEEDED.items() if name.endswith("_URL")},
    "OIDC_USERINFO_URL": "OIDC_OP_USER_ENDPOINT",
}


class SignOnRefused(Refused):
    """The message is for the person; `why` is for the log and names nobody."""

    def __init__(self, sentence: str, why: str, status: int = 403) -> None:
        super().__init__(sentence)
        self.why, self.status = why, status


def is_on() -> bool:
    return bool(settings.SIGN_ON_ISSUER)


def role_map() -> dict[str, str]:
    """Roles by the value of the claim that gives each; a value may hold "=", a role does not."""
    pairs = (pair.rpartition("=") for pair in settings.SIGN_ON_ROLES)
    return {value.strip(): role.strip() for value, _, role in pairs}


def problems() -> list[str]:
    if not is_on():
        return []
    said = [f"{name} is missing." for name, to in NEEDED.items() if not getattr(settings, to)]
    said += [
        f"{name} must begin with https:// (http:// on loopback only)."
        for name, to in URLS.items()
        if not _is_safe(getattr(settings, to))
    ]
    if settings.OIDC_RP_SIGN_ALGO not in ALGORITHMS:
        said.append(f"OIDC_ALGORITHM is one of {', '.join(ALGORITHMS)}.")
    if not settings.SIGN_ON_ROLES:
        said.append("OIDC_ROLES is missing: without it nobody has a role.")
    said += [
        f"OIDC_ROLES: {pair!r} is not VALUE=ROLE with a role of {', '.join(ROLES)}."
        for pair in settings.SIGN_ON_ROLES
        if not pair.rpartition("=")[0].strip() or pair.rpartition("=")[2].strip() not in ROLES
    ]
    return said


def _is_safe(url: str) -> bool:
    """The client's secret and people's claims go there; an empty one is missed elsewhere."""
    parts = urlsplit(url)
    return not url or parts.scheme == "https" or parts.hostname in LOOPBACK


def check(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """For `manage.py check`, and so for every start and migration."""
    return [Error(said, id="accounts.E001") for said in problems()]
