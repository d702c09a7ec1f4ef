"""Model fields of estimates alone."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core import exceptions
from django.db import models

# Django's fields are generic for type checkers only.
if TYPE_CHECKING:
    TextBase = models.CharField[Any, Any]
else:
    TextBase = models.CharField


class PublishedNumberField(TextBase):
    """A published number, kept as it is printed: any size, every digit, 284.0 as well as 2.1E+25.

    Stored as text, because no integer holds 2.1E+25 beside 0.0005 and SQLite keeps a DecimalField as a
    binary float. It is exact and is not for comparing or adding up in the database.
    """

    description = "A number as it was published"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 40, **kwargs})

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            number = value if isinstance(value, Decimal) else Decimal(str(value))
        except InvalidOperation:
            raise exceptions.ValidationError(
                "“%(value)s” is not a number.", code="invalid", params={"value": value}
            ) from None
        if not number.is_finite():
            raise exceptions.ValidationError("This must be a finite number.", code="invalid")
        return number

    def get_prep_value(self, value: Any) -> str | None:
        number = self.to_python(value)
        return None if number is None else str(number)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    @property
    def validators(self) -> list[Any]:
        # The length of its text is no promise about a number.
        return list(self._validators)  # type: ignore[attr-defined]
