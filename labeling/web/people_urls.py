"""Addresses of people: of a project and of the organisation; and of what those who label read."""

from django.urls import path

from labeling.web import people, work

app_name = "people"
urlpatterns = [
    path("people/", people.organisation_view, name="organisation"),
    path("invitations/<int:pk>/resend/", people.resend_view, name="resend"),
    path("invitations/<int:pk>/revoke/", people.revoke_view, name="revoke"),
    path("projects/<slug:slug>/people/", people.project_view, name="project"),
    path("projects/<slug:slug>/people/<int:pk>/role/", people.change_role_view, name="change-role"),
    path("projects/<slug:slug>/people/<int:pk>/remove/", people.remove_view, name="remove"),
    path("projects/<slug:slug>/guidelines/", work.guidelines_view, name="guidelines"),
]
