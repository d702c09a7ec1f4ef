"""Writing vendors and skill levels, for every door."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction

from labeling.models import Tier, Vendor
from labeling.services.plans import free_slug, save_version

V = TypeVar("V", Tier, Vendor)


@transaction.atomic
def save_named(*, row: V, expected_version: int | None, fields: Mapping[str, Any]) -> V:
    """Store a vendor or a tier, new with an address made of its name, or over the version that was expected."""
    given = dict(fields)
    if row.pk is None and not given.get("slug"):
        given["slug"] = free_slug(type(row).objects.all(), str(given.get("name", "")))
    return save_version(row, expected_version=expected_version, fields=given)


def tier_of(*, chosen: Tier | None, named: str) -> Tier:
    """The tier that was chosen, or the one of this name, new where there is none."""
    if chosen is not None:
        return chosen
    found = Tier.objects.filter(name__iexact=named).first()
    return found or save_named(row=Tier(), expected_version=None, fields={"name": named})
