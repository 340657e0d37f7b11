"""A promotion by hand: at once where nothing speaks against it, else by a second admin.

Where a site has one admin, the same person decides again after a day.
"""

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from config.errors import Refused
from config.web.roles import admins
from config.words.said import Said, plain, said
from training.models import ModelVersion, Promotion, PromotionRequest
from training.models.evaluations import ALONE_HOURS
from training.services.judging.beside import beside_production
from training.services.versions import promote, refuse_unusable


def other_admins(than: User | None) -> bool:
    """Whether somebody else could decide."""
    return (admins().exclude(pk=than.pk) if than else admins()).exists()


@transaction.atomic
def ask_or_promote(*, version: ModelVersion, reason: str, by: User) -> Promotion | PromotionRequest:
    """A Promotion, or the request that warnings make of it. Raises Refused."""
    Promotion.objects.lock(version.stage)
    refuse_unusable(version)
    _refuse_running(version)
    warnings = beside_production(version).warnings
    if not warnings:
        return promote(version=version, reason=reason, promoted_by=by)
    if not reason.strip():
        raise Refused("Say in a sentence why this version goes into production.")
    try:
        with transaction.atomic():
            return PromotionRequest.objects.create(
                version=version, reason=reason.strip(), warnings=plain(warnings), asked_by=by
            )
    except IntegrityError as error:
        raise Refused(f"{version.name} waits for a decision already.") from error


def _refuse_running(version: ModelVersion) -> None:
    current = Promotion.objects.current(version.stage)
    if current is not None and current.version_id == version.pk:
        raise Refused(f"{version.name} is in production already.")


def why_not(request: PromotionRequest, by: User) -> str:
    """What keeps this admin from granting it now; empty where nothing does."""
    if request.asked_by_id != by.pk:
        return ""
    if other_admins(by):
        return "A second admin has to grant what you asked for."
    if not request.is_ripe:
        return f"You are the only admin: it can be granted {ALONE_HOURS} hours after it was asked."
    return ""


@transaction.atomic
def grant(request: PromotionRequest, *, by: User) -> Promotion:
    """Promotes what was asked for; the reason keeps the warnings. Raises Refused."""
    Promotion.objects.lock(request.version.stage)
    if reason := why_not(request, by):
        raise Refused(reason)
    _refuse_running(request.version)
    if new := _since(request):
        raise Refused(f"Since it was asked for, this speaks against it too: {new} Ask again.")
    if not request.decide(PromotionRequest.State.GRANTED, by):
        raise Refused("Somebody decided on this before.")
    return promote(version=request.version, reason=_granted(request), promoted_by=by)


def _granted(request: PromotionRequest) -> Said:
    reason, against = request.reason, request.warnings
    if request.asked_by is None:
        return said("promotion.granted-to-one-who-left", reason=reason, against=against)
    asker = request.asked_by.get_username()
    return said("promotion.granted", reason=reason, asker=asker, against=against)


def _since(request: PromotionRequest) -> str:
    """What speaks against it now and was not told to whoever asked: production may have changed."""
    now = beside_production(request.version).warnings
    return " ".join(str(told) for told in now if plain(told) not in request.warnings)


def withdraw(request: PromotionRequest, *, by: User) -> None:
    if not request.decide(PromotionRequest.State.WITHDRAWN, by):
        raise Refused("Somebody decided on this before.")
