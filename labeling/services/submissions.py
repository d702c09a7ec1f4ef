"""A form that is sent twice, by a double click or a retried request, is stored once."""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from labeling.models import Submission, User

KEPT_FOR = timedelta(days=1)


def digest_of(*, user: User, path: str, answers: Iterable[tuple[str, list[str]]]) -> str:
    """What tells one sending of a form from another: who, where to, and every word in it."""
    said = json.dumps([user.pk, path, sorted(answers)], ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()


@transaction.atomic
def store_once(*, digest: str, now: datetime, write: Callable[[], str]) -> str:
    """Do `write` and return the address it leads to; the same digest again gives that address only.

    Two at once: the second waits at the unique row until the first has ended, and then finds its address.
    A write that raises leaves nothing behind, so that the corrected form can be sent under the same key.
    """
    Submission.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            submission = Submission.objects.create(digest=digest, address="", created_at=now)
    except IntegrityError:
        return Submission.objects.get(digest=digest).address
    submission.address = write()
    submission.save(update_fields=["address"])
    return submission.address
