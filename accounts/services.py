"""Make tokens and take them back."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from accounts.models import MAX_TOKENS_PER_ACCOUNT, YEAR, ApiToken


class TooMany(Exception):
    """The account has as many usable tokens as it may have."""


def make_token(
    *, user: User, name: str, scopes: list[str], days: int = YEAR
) -> tuple[ApiToken, str]:
    """The row and the secret to show once; it ends after `days`."""
    if ApiToken.objects.usable().filter(user=user).count() >= MAX_TOKENS_PER_ACCOUNT:
        raise TooMany(f"You have {MAX_TOKENS_PER_ACCOUNT} tokens already; revoke one first.")
    ends = timezone.now() + timedelta(days=days)
    return ApiToken.objects.make(user=user, name=name, scopes=scopes, expires_at=ends)


def revoke_all(user: User) -> int:
    """All usable tokens of the account; answers how many."""
    return sum(token.revoke() for token in ApiToken.objects.usable().filter(user=user))
