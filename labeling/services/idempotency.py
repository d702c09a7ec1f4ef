"""Requests that may be sent again: the same key and content do the work once and get the same answer."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from labeling.models import User
from labeling.models.idempotency import IdempotentAnswer

KEPT = timedelta(hours=24)
# Nothing here takes this long: who reserved it has died, and its transaction with it.
ABANDONED = timedelta(seconds=60)


class KeyReused(Exception):
    """The key was used for another content."""


class InFlight(Exception):
    """The same request is being worked on at this moment."""


class ReservationLost(Exception):
    """Somebody else has taken the reservation over; what was done must be undone."""


def body_hash(document: Any) -> str:
    """SHA-256 of what a document says, however it is spelt."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def reserve(*, user: User, route: str, key: str, digest: str, now: datetime) -> IdempotentAnswer:
    """The stored answer, or a reservation to answer under (its `status` is None).

    Of many at once one gets the reservation. InFlight for the others, KeyReused for another content.
    """
    fields = {"body_hash": digest, "reserved_at": now, "expires_at": now + KEPT}
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(user=user, route=route, key=key, **fields)
    except IntegrityError:
        pass  # it is there already
    mine = IdempotentAnswer.objects.filter(user=user, route=route, key=key)
    found = mine.first()
    if found is None:  # given back in between
        raise InFlight
    free = found.expires_at <= now or (found.status is None and found.reserved_at <= now - ABANDONED)
    if free:
        taken = mine.filter(attempt=found.attempt, reserved_at=found.reserved_at).update(
            attempt=F("attempt") + 1, status=None, headers={}, body="", **fields
        )
        if taken == 0:
            raise InFlight
        return mine.get()
    if found.body_hash != digest:
        raise KeyReused
    if found.status is None:
        raise InFlight
    return found


def store_answer(reservation: IdempotentAnswer, *, status: int, headers: dict[str, str], body: str) -> None:
    """Keep what is answered. Call it in the transaction that did the work: ReservationLost undoes both."""
    rows = IdempotentAnswer.objects.filter(
        pk=reservation.pk, attempt=reservation.attempt, status__isnull=True
    ).update(status=status, headers=headers, body=body)
    if rows == 0:
        raise ReservationLost


def give_back(reservation: IdempotentAnswer) -> None:
    """Nothing was done: the key is as if it had never been used."""
    IdempotentAnswer.objects.filter(
        pk=reservation.pk, attempt=reservation.attempt, status__isnull=True
    ).delete()


def forget_expired(*, now: datetime) -> int:
    """Remove what is no longer replayed; how many there were."""
    return IdempotentAnswer.objects.expired(now=now).delete()[0]


def forget_expired_now() -> int:
    """`forget_expired` by the clock of this machine."""
    return forget_expired(now=timezone.now())
