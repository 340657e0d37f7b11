"""Sessions of a person: found by reading each, for they hold the account's number, signed."""

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session

from accounts import services
from accounts.models import OneUseLink


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Answers how many ended; `but` is the key of the one that stays."""
    ended = 0
    for session in Session.objects.iterator():
        if session.session_key == but:
            continue
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended


def sign_out_everywhere(user: User) -> tuple[int, int]:
    """Ends sessions, tokens and links for a new password; answers how many sessions and tokens."""
    for link in OneUseLink.objects.usable().filter(person=user):
        link.withdraw()
    return end_sessions(user), services.revoke_all(user)
