"""Tell webhooks what became of their owners' restorations: once each, until it is heard."""

import json
import time
from datetime import timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from config.errors import Refused
from config.words.said import Words, said
from jobs.job_context import Precedence, TryAgain, Work
from jobs.job_functions import job
from jobs.models import FINAL, Job, Queue, State
from pipeline.models import Delivery, Restoration, Webhook
from pipeline.models.webhook_signatures import signature
from pipeline.services import safe_http

MAX_WEBHOOKS_PER_ACCOUNT = 10  # webhooks of one account
# Seconds after each attempt that was not heard: eight attempts within a day.
RETRY_PAUSES_SECONDS = (5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600)
MAX_ATTEMPTS = len(RETRY_PAUSES_SECONDS) + 1
MAX_PENDING_PER_ACCOUNT = 500  # messages on their way; more are told once others have ended
MISSED_PERIOD = timedelta(days=1)
PING = "ping"


def listen(*, owner: User, url: str) -> Webhook:
    """A webhook for all restorations of an account; Blocked says what is wrong with the address."""
    safe_http.check_url(url, private=settings.WEBHOOKS_PRIVATE)
    if owner.webhooks.count() >= MAX_WEBHOOKS_PER_ACCOUNT:
        raise Refused(
            f"An account has at most {MAX_WEBHOOKS_PER_ACCOUNT} webhooks; delete one first."
        )
    return Webhook.objects.create(owner=owner, url=url)


def has_room(owner_id: int) -> bool:
    """A receiver that says nothing must not fill the queue of messages to all others."""
    pending = Delivery.objects.pending().filter(webhook__owner=owner_id)
    return pending.count() < MAX_PENDING_PER_ACCOUNT


def ping_later(webhook: Webhook) -> Delivery:
    """Raises Refused while too many messages of the account are on their way."""
    if not has_room(webhook.owner_id):
        raise Refused(f"{MAX_PENDING_PER_ACCOUNT} messages of yours are on their way already.")
    return _queue(webhook, None, PING, {"event": PING})


def tell_later(restoration: Restoration, state: str) -> None:
    """One delivery for each webhook of the owner; told twice, queued once."""
    if restoration.owner_id is None or not has_room(restoration.owner_id):
        return  # `tell_missing_later` comes by again
    event = f"restoration.{state}"
    for webhook in Webhook.objects.listening().filter(owner=restoration.owner_id):
        known = Delivery.objects.filter(webhook=webhook, restoration=restoration, event=event)
        if not known.exists():
            _queue(webhook, restoration, event, _payload(restoration, event))


def tell_missing_later() -> int:
    """What ended without a word (failures, cancellations) is told by the next look."""
    told = 0
    recent = Restoration.objects.filter(
        job__state__in=FINAL, job__finished_at__gte=Now() - MISSED_PERIOD
    ).select_related("job")
    for webhook in Webhook.objects.listening():
        mine = recent.filter(owner=webhook.owner_id, job__finished_at__gte=webhook.created_at)
        for state in (State.SUCCEEDED, State.FAILED, State.CANCELLED):
            heard = webhook.deliveries.filter(event=f"restoration.{state}")
            for row in mine.filter(job__state=state).exclude(pk__in=heard.values("restoration")):
                tell_later(row, state)
                told += 1
    return told


@transaction.atomic
def _queue(
    webhook: Webhook, restoration: Restoration | None, event: str, payload: dict[str, Any]
) -> Delivery:
    facts = {"webhook": webhook, "restoration": restoration, "event": event, "payload": payload}
    if restoration is None:
        row, new = Delivery.objects.create(**facts), True
    else:
        row, new = Delivery.objects.get_or_create(
            webhook=webhook, restoration=restoration, event=event, defaults={"payload": payload}
        )
    if new:
        _deliver_later(row)
    return row


def _deliver_later(row: Delivery) -> None:
    telling = deliver.using(
        title=said("job.tell", webhook=str(row.webhook)),
        key=f"deliver:{row.pk}",
        created_by=row.webhook.owner,
    )
    telling.later(delivery=str(row.pk))


def _payload(row: Restoration, event: str) -> dict[str, Any]:
    site = settings.PUBLIC_URL.rstrip("/")
    return {
        "event": event,
        "restoration": {
            "id": str(row.pk),
            "url": site + reverse("api_restoration", args=[row.token]),
            "page": site + row.get_absolute_url(),
        },
    }


@job(Precedence.PREVIEW, queue=Queue.MAINTENANCE, max_attempts=MAX_ATTEMPTS, aside=True)
def deliver(work: Work, delivery: str) -> None:
    """A message to a webhook."""
    row = Delivery.objects.pending().filter(pk=delivery).first()
    if row is not None:
        _attempt(row, work.job)


def _attempt(row: Delivery, job: Job) -> None:
    """One attempt. Raises TryAgain while there are attempts left, Refused when it is lost."""
    webhook = row.webhook
    if webhook.disabled_at is not None:
        _lose(row, None, said("webhook.switched-off"))
    try:
        status, answer = send(row, webhook)
    except safe_http.Blocked as reason:
        _lose(row, None, str(reason))
    except OSError as reason:
        _again(row, job, None, f"{type(reason).__name__}: {reason}")
    else:
        _judge(row, job, status, answer)


def _judge(row: Delivery, job: Job, status: int, answer: str) -> None:
    if 200 <= status < 300:
        row.tried(state=Delivery.State.DELIVERED, status=status, answer=answer)
        row.webhook.note(lost=False)
    elif status == 410:
        row.webhook.disable(said("webhook.gone"))
        _lose(row, status, answer)
    else:
        _again(row, job, status, answer)


def _again(row: Delivery, job: Job, status: int | None, answer: str) -> None:
    if job.attempt >= job.max_attempts:
        _lose(row, status, answer)
    row.tried(state=Delivery.State.PENDING, status=status, answer=answer)
    pause = RETRY_PAUSES_SECONDS[min(job.attempt, len(RETRY_PAUSES_SECONDS)) - 1]
    raise TryAgain(said("webhook.not-heard", answer=status or answer[:100]), pause)


def _lose(row: Delivery, status: int | None, answer: Words) -> NoReturn:
    row.tried(state=Delivery.State.LOST, status=status, answer=answer)
    row.webhook.note(lost=True)
    raise Refused(said("webhook.message-lost", answer=answer or status))


def send(row: Delivery, webhook: Webhook) -> tuple[int, str]:
    """The signed request; the timestamp is of this attempt, the id the same for all."""
    now = int(time.time())
    body = json.dumps({"id": str(row.pk), "created_at": row.created_at, **row.payload}, default=str)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Heirloom-Webhooks/1",
        "webhook-id": str(row.pk),
        "webhook-timestamp": str(now),
        "webhook-signature": signature(webhook.secret, str(row.pk), now, body.encode()),
    }
    return safe_http.post(webhook.url, body.encode(), headers, private=settings.WEBHOOKS_PRIVATE)
