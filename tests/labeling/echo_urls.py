"""One address of an API, with the authentication every address of it has."""

from django.urls import path

from tests.labeling.test_api_keys import Echo

urlpatterns = [path("echo/", Echo.as_view())]
