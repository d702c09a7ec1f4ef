"""How django-allauth signs people in here: by invitation only, in our words, with our mails."""

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import (
    ChangePasswordForm as StockChangePasswordForm,
)
from allauth.account.forms import (
    LoginForm,
    ReauthenticateForm,
    ResetPasswordKeyForm,
)
from allauth.account.forms import (
    ResetPasswordForm as StockAskForResetForm,
)
from allauth.account.forms import (
    SetPasswordForm as StockSetPasswordForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as StockConfirmCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse

from labeling.services.mails import compose

log = logging.getLogger(__name__)

PASSWORD_HELP = "At least 12 characters; not a common one, and not like your name or address."

# What is mailed when something about an account changes: subject, and what happened.
NOTICES = {
    "account/email/password_changed": ("Your password was changed", "The password was changed."),
    "account/email/password_set": ("Your password was set", "A password was set for the first time."),
    "account/email/password_reset": ("Your password was reset", "The password was reset by a mailed link."),
    "mfa/email/totp_activated": ("A second step was added", "An authenticator app was added for signing in."),
    "mfa/email/totp_deactivated": ("The second step was removed", "The authenticator app was removed."),
    "mfa/email/recovery_codes_generated": ("New recovery codes", "A new set of recovery codes was made."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Where allauth asks what this installation wants."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # One sentence for both, so that nobody learns which addresses have an account.
        "email_password_mismatch": "The address or the password is not right.",
        "incorrect_password": "The password is not right.",
        "enter_current_password": "The current password is not right.",
        "too_many_login_attempts": "Too many failed attempts. Wait five minutes and try again.",
        "rate_limited": "Too many attempts. Wait a few minutes and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed attempts count for the address; the inherited key starts anew at every host name."""
        return str(credentials.get("email", "")).lower()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say what a person would otherwise wonder about; that one is signed in, the page shows."""
        template = kwargs.get("message_template") or (args[0] if args else None)
        if template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, *args, **kwargs)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        to = email if isinstance(email, str) else email[0]
        if template_prefix in NOTICES:
            subject, what = NOTICES[template_prefix]
            return compose(to=to, subject=subject, template="mail/notice", context={**context, "what": what})
        if template_prefix == "account/email/password_reset_key":
            return compose(
                to=to, subject="Set a new password", template="mail/password_reset", context=context
            )
        raise ValueError(f"No mail is written for {template_prefix}.")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is down takes no page with it: what was done stays done, and the log tells."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException):
            log.exception("The mail %s could not be sent.", template_prefix)


class _OurLabels:
    """Labels above the fields instead of words inside them, and help in one sentence."""

    labels: dict[str, str] = {}
    help_texts: dict[str, str] = {}
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")


class SignInForm(_OurLabels, LoginForm):
    labels = {"login": "E-mail", "remember": "Keep me signed in on this computer"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs.update(autocomplete="username", autofocus=True)


class ConfirmPasswordForm(_OurLabels, ReauthenticateForm):
    pass


class ChangePasswordForm(_OurLabels, StockChangePasswordForm):
    labels = {
        "oldpassword": "Current password",
        "password1": "New password",
        "password2": "New password, again",
    }
    help_texts = {"password1": PASSWORD_HELP}


class SetPasswordForm(_OurLabels, StockSetPasswordForm):
    labels = {"password1": "Password", "password2": "Password, again"}
    help_texts = {"password1": PASSWORD_HELP}


class AskForResetForm(_OurLabels, StockAskForResetForm):
    labels = {"email": "E-mail"}


class ResetPasswordForm(_OurLabels, ResetPasswordKeyForm):
    labels = {"password1": "New password", "password2": "New password, again"}
    help_texts = {"password1": PASSWORD_HELP}


class _CodeField(_OurLabels):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(autocomplete="one-time-code", autofocus=True)


class SecondStepForm(_CodeField, AuthenticateForm):
    help_texts = {"code": "The six digits of your authenticator app, or a recovery code."}


class ConfirmCodeForm(_CodeField, StockConfirmCodeForm):
    help_texts = {"code": "The six digits of your authenticator app, or a recovery code."}


class ActivateAuthenticatorForm(_OurLabels, ActivateTOTPForm):
    labels = {"code": "Code the app shows"}
    help_texts = {"code": "Six digits; a new code every 30 seconds."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(inputmode="numeric")
