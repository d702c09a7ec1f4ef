"""Who is let in, and how."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse

from labeling.models import User

ADMINISTRATOR_EMAIL = "administrator@localhost.localdomain"
SALT = "labeling.sign-in-link"


def ensure_administrator() -> User:
    """The first administrator, made on first use, without a password: only a link lets them in."""
    administrator = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    return administrator or User.objects.create_superuser(ADMINISTRATOR_EMAIL, name="Administrator")


def signer_for(user: User) -> signing.TimestampSigner:
    """A signer over the person's last sign-in and password.

    The sign-in that a link leads to changes the one, a new password the other: either makes the link void,
    and nothing of it has to be stored.
    """
    return signing.TimestampSigner(salt=f"{SALT}:{user.last_login}:{user.password}")


def sign_in_path(user: User) -> str:
    """The path of a page that signs `user` in once."""
    return reverse("accounts:confirm-sign-in", args=[signer_for(user).sign(str(user.pk))])


def user_of_token(token: str) -> User | None:
    """The person a sign-in token is for; None when it is forged, old, spent, or the person inactive."""
    pk = token.partition(":")[0]
    known = len(pk) < 19 and pk.isascii() and pk.isdigit()
    user = User.objects.filter(pk=pk, is_active=True).first() if known else None
    if user is None:
        return None
    try:
        signer_for(user).unsign(token, max_age=settings.SIGN_IN_LINK_SECONDS)
    except signing.BadSignature:
        return None
    return user


def spend_token(token: str, *, now: datetime) -> User | None:
    """The person the token lets in, from now on void; None when it was void already.

    Two clicks at once: the one UPDATE that still finds the last sign-in the token names wins.
    """
    user = user_of_token(token)
    if user is None:
        return None
    unspent = Q(last_login=user.last_login) if user.last_login else Q(last_login__isnull=True)
    won = User.objects.filter(unspent, pk=user.pk, is_active=True).update(last_login=now)
    return User.objects.get(pk=user.pk) if won else None


def rename(*, user: User, name: str) -> None:
    """Set what the others see of a person; without a name they see the address."""
    user.name = " ".join(name.split())
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name"])
