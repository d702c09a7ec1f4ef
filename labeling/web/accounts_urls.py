"""Addresses of one's own account, and of the links that let in."""

from django.urls import path

from labeling.web import accounts

app_name = "accounts"
urlpatterns = [
    path("sign-in/<str:token>/", accounts.confirm_sign_in_view, name="confirm-sign-in"),
    path("invitations/<str:secret>/", accounts.accept_invitation_view, name="accept-invitation"),
    path("account/", accounts.account_view, name="account"),
    path("account/keys/new/", accounts.new_key_view, name="new-key"),
    path("account/keys/<int:pk>/revoke/", accounts.revoke_key_view, name="revoke-key"),
]
