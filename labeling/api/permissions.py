"""What a program may do with the key it came with. What its owner may do, `may` decides per object."""

from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from labeling.models import ApiKey, Scope

__all__ = ["IsAuthenticated", "KeyMayWrite"]


class KeyMayWrite(BasePermission):
    """A key that may only read changes nothing; people signed in to the pages are not concerned."""

    message = "This key may only read. Use one whose scope is write."
    code = "insufficient_scope"

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS or not isinstance(request.auth, ApiKey):
            return True
        return request.auth.scope == Scope.WRITE
