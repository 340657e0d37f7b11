"""The secret of an authenticator app, the codes made of it, and recovery codes."""

import secrets

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django_otp import match_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import RecoveryCode, digest
from config.errors import Refused
from config.web.roles import may

RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
LENGTH = 12  # of a recovery code: 59 bits
OFF, OFFERED, REQUIRED = "off", "offered", "required"


def has_device(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def lacks_required(user: User) -> bool:
    """Whether the site wants a second factor of this person's role and she has none yet."""
    return settings.SECOND_FACTOR == REQUIRED and may(user, "reviewer") and not has_device(user)


def opens(user: User, code: str) -> bool:
    """A code of the app opens once, within a minute; a recovery code once for ever."""
    plain = "".join(code.split()).replace("-", "").lower()
    if not plain:
        return False
    if plain.isdigit() and len(plain) <= 8:
        return match_token(user, plain) is not None
    return RecoveryCode.spend(user, plain)


def new_device(user: User) -> TOTPDevice:
    """The one that waits to be confirmed; its secret is shown on the page that sets it up."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    made: TOTPDevice = device or TOTPDevice.objects.create(user=user, name="app", confirmed=False)
    return made


def confirm(user: User, code: str) -> list[str]:
    """Turns it on once a code proves that the app has the secret; answers the recovery codes."""
    if has_device(user):
        raise Refused("Your second factor is on already.")
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None or not device.verify_token("".join(code.split())):
            raise Refused("This code is wrong or too old: wait for the next one.")
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        return new_recovery_codes(user)


def new_recovery_codes(user: User) -> list[str]:
    """Earlier ones end; these are shown this once and kept as hashes."""
    codes = [
        "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.filter(person=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(person=user, digest=digest(c)) for c in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def remove(user: User) -> bool:
    """Device and recovery codes go; False where there was none."""
    RecoveryCode.objects.filter(person=user).delete()
    return bool(TOTPDevice.objects.filter(user=user).delete()[0])
