"""What the provider says of a person: mozilla-django-oidc fetches and verifies, more is asked here.

The package matches accounts by mail and looks neither at the issuer nor for whom a token was made,
so of its backend only the exchange, the keys and the nonce are used: it stands in no list of
backends, and nobody signs in through it but by `accounts.views.sign_on`.
"""

from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from accounts.single_sign_on.setup import SignOnRefused

LEEWAY_SECONDS = 60  # that the provider's clock may differ
REQUIRED = ("iss", "sub", "aud", "exp", "iat")
UNREACHED = "The sign-in provider does not answer: try again, or tell an admin."
UNFIT = "The sign-in provider's answer does not fit: try again, or tell an admin."


class Provider(OIDCAuthenticationBackend):
    """One sign-in's talk with the provider."""

    def claims(self, *, code: str, nonce: str, verifier: str, came_back_to: str) -> dict[str, Any]:
        """Verified claims of the ID token, and of userinfo where the site names its address.

        Raises:
            SignOnRefused: the provider is away, or anything it says does not fit.
        """
        try:
            return self._claims(code, nonce, verifier, came_back_to)
        except (SuspiciousOperation, jwt.PyJWTError) as error:
            raise SignOnRefused(UNFIT, type(error).__name__) from None
        except requests.RequestException as error:
            raise SignOnRefused(UNREACHED, type(error).__name__, status=502) from None
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # JSON of another shape
            raise SignOnRefused(UNFIT, type(error).__name__, status=502) from None

    def _claims(self, code: str, nonce: str, verifier: str, came_back_to: str) -> dict[str, Any]:
        tokens = self.get_token(
            {
                "client_id": self.OIDC_RP_CLIENT_ID,
                "client_secret": self.OIDC_RP_CLIENT_SECRET,
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": came_back_to,
                "code_verifier": verifier,
            }
        )
        token = dict(self.verify_token(tokens["id_token"], nonce=nonce))
        if not self.OIDC_OP_USER_ENDPOINT:
            return token
        more = dict(self.get_userinfo(tokens["access_token"], tokens["id_token"], token))
        if more.get("sub") != token["sub"]:
            raise SuspiciousOperation("userinfo is about somebody else")
        return more | token  # the signed word goes before the other

    def get_payload_data(self, token: str, key: Any) -> dict[str, Any]:
        """In the place of the package's: signature, issuer, audience and times at once."""
        mine = self.OIDC_RP_CLIENT_ID
        payload: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[self.OIDC_RP_SIGN_ALGO],
            audience=mine,
            issuer=settings.SIGN_ON_ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": list(REQUIRED)},
        )
        several = isinstance(payload["aud"], list) and len(payload["aud"]) > 1
        if payload.get("azp", None if several else mine) != mine:
            raise SuspiciousOperation("the token was made for another client")
        return payload
