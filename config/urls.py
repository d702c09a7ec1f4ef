"""Addresses of the whole installation."""

from django.urls import include, path

from estimates.web.projects import portfolio_view

urlpatterns = [
    path("", portfolio_view, name="portfolio"),
    path("", include("labeling.web.accounts_urls")),
    path("", include("labeling.web.urls")),
    path("", include("estimates.web.urls")),
]
