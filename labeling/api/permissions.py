"""Who is let in at all."""

from typing import TYPE_CHECKING

from rest_framework import exceptions
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from labeling.models import ApiKey, Scope
from labeling.rights import is_somebody

if TYPE_CHECKING:
    from rest_framework.views import APIView

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class SignedIn(BasePermission):
    """People and keys; a key that may only read does not write."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not is_somebody(request.user):
            return False
        key = request.auth
        if request.method not in READING and isinstance(key, ApiKey) and key.scope != Scope.WRITE:
            raise exceptions.PermissionDenied("This key may read only. Use one that may write.")
        return True
