"""`Idempotency-Key`: a request that is sent again is answered again, not done again."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from config.web.client_address import client_address
from pipeline.api.errors import Problem
from pipeline.models import Restoration, SentKey, Upload, held_until

HEADER = "Idempotency-Key"
MAX_KEY_CHARACTERS = 255
_SEEN = "!-~\\u00a1-\\u00ac\\u00ae-\\u00ff"  # what a header can hold and a person can see
KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    pattern=f"^[{_SEEN}]([ {_SEEN}]{{0,{MAX_KEY_CHARACTERS - 2}}}[{_SEEN}])?$",
    description="Sent again, the same answer comes again.",
)


@dataclass(frozen=True)
class Answer:
    """What a request made, and what it is told."""

    body: Any
    location: str
    restoration: Restoration | None = None
    upload: Upload | None = None
    status: int = 201

    def response(self, **headers: str) -> Response:
        return Response(
            self.body, status=self.status, headers={"Location": self.location, **headers}
        )


def once(request: Request, facts: dict[str, Any], make: Callable[[], Answer]) -> Response:
    """Calls `make` in one transaction with the key's answer; `facts` are the body's content.

    The same key and facts: the first answer again. Other facts: 422. Still at work: 409.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return make().response()
    if not 0 < len(key) <= MAX_KEY_CHARACTERS or not key.isprintable():
        raise ValidationError({HEADER: [f"1 to {MAX_KEY_CHARACTERS} printable characters."]})
    row = _claim(_caller(request), key, _fingerprint(request, facts))
    if row.status is not None:
        replayed = Answer(row.body, row.location, status=row.status)
        return replayed.response(**{"Idempotent-Replayed": "true"})
    try:
        with transaction.atomic():
            answer = make()
            _keep(row, answer)
    except Exception:
        row.release()
        raise
    return answer.response()


def _keep(row: SentKey, answer: Answer) -> None:
    kept = row.answer(
        status=answer.status,
        body=json.loads(json.dumps(answer.body, default=str)),
        location=answer.location,
        restoration=answer.restoration,
        upload=answer.upload,
    )
    if not kept:
        raise _busy()


def _claim(caller: str, key: str, fingerprint: str) -> SentKey:
    """The row, held by this request, or with the answer that was given."""
    try:
        with transaction.atomic():
            return SentKey.objects.create(
                caller=caller, key=key, fingerprint=fingerprint, held_until=held_until()
            )
    except IntegrityError:
        row = SentKey.objects.filter(caller=caller, key=key).first()
    if row is None:  # released this very moment
        raise _busy()
    if row.fingerprint != fingerprint:
        raise Problem(
            f"This {HEADER} was sent before with another request; use a new one.", 422, "key_used"
        )
    if row.status is None and not row.take_over():
        raise _busy()
    return row


def _busy() -> Problem:
    busy = Problem("The first request with this key is still at work.", 409, "in_progress")
    busy.wait = 1
    return busy


def _caller(request: Request) -> str:
    """Keys of different callers never meet; an address is kept as a keyed hash only."""
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    address = client_address(request)
    return f"address-{salted_hmac('idempotency', address).hexdigest()}"


def _fingerprint(request: Request, facts: dict[str, Any]) -> str:
    text = json.dumps([request.method, request.path, facts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
