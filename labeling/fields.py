"""Model fields that labeling and estimates share."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import exceptions
from django.db import models

BIGGEST = 2**63 - 1

# Django's fields are generic for type checkers only.
if TYPE_CHECKING:
    IntegerBase = models.BigIntegerField[Any, Any]
    EmailBase = models.EmailField[Any, str]
else:
    IntegerBase = models.BigIntegerField
    EmailBase = models.EmailField


class AddressField(EmailBase):
    """An e-mail address, stored and looked for in lower case: nobody writes theirs the same way twice."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.strip().lower() if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))


class FixedPointField(IntegerBase):
    """A decimal with a fixed number of places, stored as an exact integer.

    SQLite keeps Django's DecimalField as a binary float: long values come back changed and sums are off.
    An integer is exact, comparable and summable on every database. Values outside ±(2**63 − 1) / 10**places,
    values with more places and values that are not finite are refused, never rounded.
    """

    description = "Decimal with %(places)s places, stored as an integer"

    def __init__(self, *args: Any, places: int, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "places": self.places}

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            # A float is read as it prints, so that 0.1 is a tenth.
            return Decimal(repr(value) if isinstance(value, float) else str(value).strip())
        except InvalidOperation:
            raise exceptions.ValidationError(
                "“%(value)s” is not a number.", code="invalid", params={"value": value}
            ) from None

    def get_prep_value(self, value: Any) -> int | None:
        number = self.to_python(value)
        return None if number is None else self._units(number)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if value is not None:
            self._units(value)

    @property
    def validators(self) -> list[Any]:
        # The integer bounds of the parent class are about what is stored, not about the decimal.
        return list(self._validators)  # type: ignore[attr-defined]

    def _units(self, number: Decimal) -> int:
        if not number.is_finite():
            raise exceptions.ValidationError("This must be a finite number.", code="invalid")
        if number.adjusted() > 18 or abs(number) * 10**self.places > BIGGEST:
            raise exceptions.ValidationError("This number is too large.", code="too_large")
        units = number.scaleb(self.places)
        if units != units.to_integral_value():
            raise exceptions.ValidationError(
                "Give at most %(places)s decimal places.", code="too_precise", params={"places": self.places}
            )
        return int(units)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else format(value, "f")

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": forms.DecimalField, **kwargs})


class AmountField(FixedPointField):
    """Money in the currency named beside it, to the micro-unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"places": 6, **kwargs})


class QuantityField(FixedPointField):
    """A rate, share, time or count, to nine decimal places."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"places": 9, **kwargs})
