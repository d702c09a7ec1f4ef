"""Errors outside REST framework: a problem document for programs, a page for people."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import defaults

from labeling.api.problems import is_for_programs, problem_response
from labeling.web.too_large import too_large


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if is_for_programs(request):
        return problem_response(request, "unreadable", "The request cannot be read.")
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if is_for_programs(request):
        return problem_response(request, "forbidden")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if is_for_programs(request):
        return problem_response(request, "not-found")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    if is_for_programs(request):
        return problem_response(request, "our-fault")
    return defaults.server_error(request)
