"""How a program signs in: `Authorization: Bearer ann_…`."""

from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from labeling.models import ApiKey
from labeling.services.api_keys import key_of, note_use

if TYPE_CHECKING:
    from labeling.models import User

SCHEME = "Bearer"
LONGEST_HEADER = 200


class ApiKeyAuthentication(BaseAuthentication):
    """The person who made the key, with the key as `request.auth`."""

    def authenticate(self, request: Request) -> "tuple[User, ApiKey] | None":
        header = get_authorization_header(request)
        if not header:
            return None
        scheme, _, secret = header.partition(b" ")
        if scheme.lower() != SCHEME.lower().encode() or len(header) > LONGEST_HEADER:
            raise exceptions.AuthenticationFailed(f"Send a key as “Authorization: {SCHEME} ann_…”.")
        now = timezone.now()
        key = key_of(secret=secret.strip().decode("ascii", errors="replace"), now=now)
        if key is None:
            raise exceptions.AuthenticationFailed("This key is unknown, has expired or was revoked.")
        note_use(key=key, now=now)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return SCHEME
