"""Which currencies there are."""

from babel.numbers import is_currency
from django.core.exceptions import ValidationError


def validate_currency(code: str) -> None:
    """A currency of ISO 4217, in capitals."""
    if not is_currency(code):
        raise ValidationError(
            "“%(code)s” is not a currency: give its three letters, such as USD or EUR.",
            code="invalid",
            params={"code": code},
        )
