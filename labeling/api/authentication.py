"""How a program signs in: with a key in the Authorization header."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from labeling.models import ApiKey, User
from labeling.services.api_keys import key_of, note_use

# One sentence for every reason, so that nobody learns whether a key was ever good.
UNUSABLE = "This key is unknown, expired or revoked."


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer ann_…`; the request is then its owner's, and `request.auth` is the key.

    First in the list of authenticators, so that a request without a sign-in is answered 401 with a challenge.
    """

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _, given = get_authorization_header(request).partition(b" ")
        if scheme.lower() != self.keyword.lower().encode():
            return None
        try:
            secret = given.strip().decode("ascii")
        except UnicodeDecodeError:
            raise AuthenticationFailed(UNUSABLE) from None
        now = timezone.now()
        key = key_of(secret=secret, now=now)
        if key is None:
            raise AuthenticationFailed(UNUSABLE)
        note_use(key=key, now=now)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return f'{self.keyword} realm="annotally"'
