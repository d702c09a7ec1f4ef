"""Pages for signing in."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from labeling.services.people import spend_token, user_of_token


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_sign_in_view(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link. Reading the page changes nothing, so that a preview does not use the link up."""
    if request.method == "POST":
        user = spend_token(token, now=timezone.now())
        if user is not None:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            return redirect(settings.LOGIN_REDIRECT_URL)
    else:
        user = user_of_token(token)
        if user is not None:
            return render(request, "accounts/confirm_sign_in.html", {"person": user})
    return render(request, "accounts/link_void.html", status=410)
