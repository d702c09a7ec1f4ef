"""Addresses of signing in and out."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from labeling.web.accounts import confirm_sign_in_view

app_name = "accounts"
urlpatterns = [
    path(
        "sign-in/",
        LoginView.as_view(template_name="accounts/sign_in.html", redirect_authenticated_user=True),
        name="sign-in",
    ),
    path("sign-in/<str:token>/", confirm_sign_in_view, name="confirm-sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
]
