"""What the admin's own scripts need of the content security policy, and nobody else does."""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest, HttpResponse

PREFIX = "/admin/"


class AdminPolicyMiddleware:
    """Under /admin/ scripts may evaluate strings and elements carry styles; all still comes from here.

    Stands after CSPMiddleware in MIDDLEWARE, so that it has answered before the header is written.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(PREFIX):
            response._csp_replace = {  # type: ignore[attr-defined]
                "script-src": [SELF, UNSAFE_EVAL],
                "style-src": [SELF, UNSAFE_INLINE],
            }
        return response
