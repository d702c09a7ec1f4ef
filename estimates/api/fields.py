"""Fields that speak of money."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_field

from estimates.currencies import validate_currency
from labeling.api.fields import Text


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
