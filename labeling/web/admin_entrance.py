"""The way into the admin: through the one sign-in, and for administrators only."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url

View = Callable[..., HttpResponse]


def guard_admin(site: AdminSite) -> None:
    """Let people into `site` through the pages' own sign-in, with its second step and its limits.

    Call it once, before `site.urls` is mounted. To somebody who is signed in and no administrator the admin
    does not exist: 404, where the stock site says that they may not.
    """
    stock_login, stock_admin_view = site.login, site.admin_view

    def turn_away(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(
            request.GET.get("next") or request.get_full_path(), resolve_url(settings.LOGIN_URL)
        )

    def login(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return stock_login(request, extra_context) if site.has_permission(request) else turn_away(request)

    def admin_view(view: View, cacheable: bool = False) -> View:
        let_in = stock_admin_view(view, cacheable)

        def entrance(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return let_in(request, *args, **kwargs) if site.has_permission(request) else turn_away(request)

        return update_wrapper(entrance, view)

    site.login = login  # type: ignore[method-assign]
    site.admin_view = admin_view  # type: ignore[assignment, method-assign]
