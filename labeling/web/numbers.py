"""Numbers as people type them, read strictly: what could mean two things is asked about, never guessed."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

PLACES = 9
LONGEST = 40
BIGGEST = Decimal(10) ** 9
WRITTEN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
SHARE = "share"
PERCENT = "%"


def read_number(
    text: str, *, percent: bool = False, places: int = PLACES, biggest: Decimal = BIGGEST
) -> Decimal:
    """The number that was typed; a percentage as the share it is. ValidationError says what is wrong."""
    typed = text.strip()
    if percent:
        typed = typed.removesuffix("%").strip()
    if len(typed) > LONGEST:
        raise ValidationError("This is too long for a number.", code="invalid")
    if NOT_FINITE.fullmatch(typed):
        raise ValidationError("This must be a finite number.", code="invalid")
    if "," in typed:
        raise ValidationError(
            "Leave the comma out: write 1000 for a thousand, and a point before decimals.", code="invalid"
        )
    if not WRITTEN.fullmatch(typed):
        raise ValidationError("“%(typed)s” is not a number.", code="invalid", params={"typed": typed})
    number = Decimal(typed)
    if abs(number) >= biggest * (100 if percent else 1):
        raise ValidationError("This number is too large.", code="too_large")
    if percent:
        number = number.scaleb(-2)
    if number != number.quantize(Decimal(1).scaleb(-places)):
        allowed = places - 2 if percent else places
        raise ValidationError(f"Give at most {allowed} decimal places.", code="too_precise")
    return number


def write_number(number: Decimal | None, *, percent: bool = False) -> str:
    """A stored number as it is typed: without trailing zeros, a share as its percentage."""
    if number is None:
        return ""
    return format((number.scaleb(2) if percent else number).normalize(), "f")


class NumberField(forms.Field):
    """A number with its unit beside it; a share is typed as a percentage."""

    widget = forms.TextInput

    def __init__(
        self,
        *,
        unit: str = "",
        above_zero: bool = False,
        places: int = PLACES,
        biggest: Decimal = BIGGEST,
        **kwargs: Any,
    ) -> None:
        self.percent = unit == SHARE
        self.unit = PERCENT if self.percent else unit
        self.above_zero = above_zero
        self.places = places
        self.biggest = biggest
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        return read_number(str(value), percent=self.percent, places=self.places, biggest=self.biggest)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.above_zero and value <= 0:
            raise ValidationError("This must be above 0.", code="too_small")
        if value < 0:
            raise ValidationError("This must not be negative.", code="too_small")

    def prepare_value(self, value: Any) -> Any:
        return write_number(value, percent=self.percent) if isinstance(value, Decimal) else value
