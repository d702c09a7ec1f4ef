"""Addresses of what is labeled."""

from django.urls import path

from labeling.web import packages

app_name = "labeling"
urlpatterns = [
    path("projects/<slug:slug>/packages/new/", packages.add_package_view, name="add-package"),
    path(
        "projects/<slug:slug>/packages/<slug:package_slug>/edit/",
        packages.edit_package_view,
        name="edit-package",
    ),
    path(
        "projects/<slug:slug>/packages/<slug:package_slug>/remove/",
        packages.remove_package_view,
        name="remove-package",
    ),
    path(
        "projects/<slug:slug>/packages/<slug:package_slug>/move/",
        packages.move_package_view,
        name="move-package",
    ),
]
