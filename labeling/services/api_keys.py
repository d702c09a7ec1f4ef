"""Keys for programs: shown once, stored as a digest, limited in what they may do."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q

from labeling.models import ApiKey, Scope, User

MARK = "ann_"
"""How every key begins, so that people and scanners recognise one that has leaked."""
PREFIX_LENGTH = len(MARK) + 12
USE_NOTED_EVERY = timedelta(minutes=1)


def digest_of(secret: str) -> str:
    """What is stored of a key. It is long and random, so that one quick hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create_key(
    *, user: User, name: str, scope: Scope, expires_at: datetime | None, now: datetime
) -> tuple[ApiKey, str]:
    """Store a key; it and its secret, which nobody can be shown again.

    ValidationError names what is wrong with the name, the scope or the expiry.
    """
    if expires_at is not None and expires_at <= now:
        raise ValidationError({"expires_at": "A key has to expire in the future, or never."})
    prefix = MARK + secrets.token_hex(6)
    secret = prefix + secrets.token_hex(24)
    key = ApiKey(
        user=user,
        name=" ".join(name.split()),
        prefix=prefix,
        digest=digest_of(secret),
        scope=scope,
        expires_at=expires_at,
    )
    key.full_clean()
    key.save(force_insert=True)
    return key, secret


def key_of(*, secret: str, now: datetime) -> ApiKey | None:
    """The key that opens the door with this secret; None when there is none, or it opens it no longer."""
    keys = ApiKey.objects.usable(now=now).select_related("user")
    key = keys.filter(prefix=secret[:PREFIX_LENGTH]).first()
    # Compared even where there is nothing to compare with, so that the time taken tells nothing.
    matches = hmac.compare_digest(key.digest if key else digest_of(""), digest_of(secret))
    return key if key is not None and matches else None


def note_use(*, key: ApiKey, now: datetime) -> None:
    """Remember when a key was last used; at most once a minute, so that reading does not become writing."""
    due = now - USE_NOTED_EVERY
    if key.last_used_at is not None and key.last_used_at > due:
        return
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=due)
    ApiKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=now)


def revoke_key(*, key: ApiKey, now: datetime) -> None:
    """From now on the key opens nothing; revoking it again keeps the first moment."""
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now)
