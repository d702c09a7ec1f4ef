"""A form that is sent twice, by a double click or a retried request, is stored once."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from labeling.models import User
from labeling.models.idempotency import IdempotentAnswer
from labeling.services.idempotency import InFlight, body_hash, reserve, store_answer

CREATED = 201


def digest_of(answers: Iterable[tuple[str, list[str]]]) -> str:
    """What tells one sending of a form from another: every word in it."""
    return body_hash(sorted(answers))


def led_to(*, user: User, path: str, digest: str) -> str | None:
    """Where the same form led when it was stored; None where it was not."""
    answers = IdempotentAnswer.objects.filter(user=user, route=f"POST {path}", key=digest, status=CREATED)
    answer = answers.first()
    return str(answer.headers["Location"]) if answer is not None else None


@transaction.atomic
def store_once(*, user: User, path: str, digest: str, now: datetime, write: Callable[[], str]) -> str:
    """Do `write` and return the address it leads to; the same form again gives that address only.

    Two at once: the second waits at the unique row until the first has ended, and then finds its address.
    A write that raises leaves nothing behind, so that the corrected form can be sent.
    """
    try:
        reservation = reserve(user=user, route=f"POST {path}", key=digest, digest=digest, now=now)
    except InFlight:
        raise ValidationError("This is being stored at this moment. Send it again to see it.") from None
    if reservation.status is not None:
        return str(reservation.headers["Location"])
    address = write()
    store_answer(reservation, status=CREATED, headers={"Location": address}, body="")
    return address
