"""Mails: each in plain text and in HTML, from one pair of templates."""

from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def compose(*, to: str, subject: str, template: str, context: Mapping[str, Any]) -> EmailMultiAlternatives:
    """A mail whose words are in `template`.txt and `template`.html.

    The subject may name what people have named: line breaks in it are no headers.
    """
    values = {**context, "to": to, "subject": " ".join(subject.split())[:200]}
    mail = EmailMultiAlternatives(
        subject=values["subject"], body=render_to_string(f"{template}.txt", values), to=[to]
    )
    mail.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
    return mail
