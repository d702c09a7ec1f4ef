"""Writing tiers and vendors, for every door.

As in `labeling.services.plans`: EditConflict when somebody else was first, ValidationError names the field.
"""

from collections.abc import Mapping
from typing import Any

from labeling.models import Tier, Vendor
from labeling.services.plans import free_slug, save_version


def save_tier(*, tier: Tier | None, expected_version: int | None, fields: Mapping[str, Any]) -> Tier:
    """Store a skill level."""
    given = dict(fields)
    if tier is None:
        tier = Tier()
        given["slug"] = given.get("slug") or free_slug(Tier.objects.all(), str(given.get("name", "")))
    return save_version(tier, expected_version=expected_version, fields=given)


def save_vendor(*, vendor: Vendor | None, expected_version: int | None, fields: Mapping[str, Any]) -> Vendor:
    """Store a firm."""
    given = dict(fields)
    if vendor is None:
        vendor = Vendor()
        given["slug"] = given.get("slug") or free_slug(Vendor.objects.all(), str(given.get("name", "")))
    return save_version(vendor, expected_version=expected_version, fields=given)


def tier_of(*, chosen: Tier | None, named: str) -> Tier:
    """The tier that was chosen, or the one of this name, new where there is none."""
    if chosen is not None:
        return chosen
    found = Tier.objects.filter(name__iexact=named).first()
    return found or save_tier(tier=None, expected_version=None, fields={"name": named})
