"""Fields that speak of money."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_field

from estimates.currencies import validate_currency
from estimates.models import ReferenceFact
from estimates.services.token_prices import token_prices
from labeling.api.fields import RowField, Text

KEY = re.compile(r"[A-Za-z0-9._-]{1,80}")


@extend_schema_field({"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["USD"]})
class Currency(Text):
    """Three letters of ISO 4217."""

    default_error_messages = {"unknown": "“{given}” is not a currency: give three letters, such as USD."}

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        try:
            validate_currency(code)
        except ValidationError:
            self.fail("unknown", given=code[:20])
        return code


@extend_schema_field({"type": "string", "maxLength": 80, "examples": ["llm_token_price.gpt-5"]})
class TokenPrice(RowField):
    """A model of the catalogue's token prices, named by the figure's key."""

    default_error_messages = {
        "invalid": "Name a model by the key of its token price, such as llm_token_price.gpt-5.",
        "unknown": "“{given}” is no token price of the catalogue: give a key as its page of rates shows it, "
        "such as llm_token_price.gpt-5.",
    }

    def to_internal_value(self, data: Any) -> ReferenceFact:
        if not isinstance(data, str):
            self.fail("invalid")
        # What is no key is not looked for: a database may choke on it.
        fact = token_prices().filter(key=data).first() if KEY.fullmatch(data) else None
        if fact is None:
            self.fail("unknown", given=data[:40])
        return fact

    def to_representation(self, value: Any) -> str:
        return str(value.key)
