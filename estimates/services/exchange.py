"""Writing exchange rates, for every door.

As in `labeling.services.plans`: EditConflict when somebody else was first, ValidationError names the field.
"""

from collections.abc import Mapping
from typing import Any

from estimates.models import ExchangeRate
from labeling.services.plans import save_version


def save_exchange_rate(
    *, rate: ExchangeRate | None, expected_version: int | None, fields: Mapping[str, Any]
) -> ExchangeRate:
    """Store what one currency was worth in another on a day."""
    return save_version(rate or ExchangeRate(), expected_version=expected_version, fields=fields)
