"""Tiers and vendors."""

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from labeling.api.fields import Slug, Text
from labeling.api.resources import Resource
from labeling.api.serializers import Input, Output, VersionField
from labeling.models import Tier, Vendor, Verb
from labeling.services.workforce import save_tier, save_vendor


class NamedInput(Input):
    """A name, and what it means."""

    name = Text(max_length=200)
    description = Text(max_length=2000, required=False, allow_blank=True, default="")


class TierCreate(NamedInput):
    """A new skill level."""

    name = Text(max_length=100)
    slug = Slug(required=False, help_text="Left out: made of the name.")


class TierUpdate(NamedInput):
    """A changed skill level."""

    name = Text(max_length=100)
    version = VersionField()


class TierOutput(Output):
    slug = Slug()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class VendorCreate(NamedInput):
    """A new firm."""

    slug = Slug(required=False, help_text="Left out: made of the name.")


class VendorUpdate(NamedInput):
    """A changed firm."""

    version = VersionField()


class VendorOutput(Output):
    slug = Slug()
    name = serializers.CharField()
    description = serializers.SerializerMethodField(help_text="null for a contact of the vendor.")
    version = serializers.IntegerField()

    @extend_schema_field({"type": ["string", "null"]})
    def get_description(self, vendor: Vendor) -> str | None:
        # What the organisation notes of a firm is not for the firm's own people.
        user = self.context["request"].user
        return vendor.description if user.vendor_id is None else None


class TierResource(Resource):
    """Skill levels, each with its own rate, speed and quality."""

    output_class = TierOutput
    create_class = TierCreate
    update_class = TierUpdate
    edit_verb = Verb.EDIT_PLAN
    search_fields = ("name", "slug")
    ordering_fields = ("name", "slug")
    url_name = "tier"

    def rows(self) -> "models.QuerySet[Tier]":
        return Tier.objects.visible_to(self.request.user)

    def check_may_add(self) -> None:
        self.require_to_add(Verb.EDIT_PLAN, Tier())

    def add(self, data: dict[str, Any]) -> Tier:
        return save_tier(tier=None, expected_version=None, fields=data)

    def change(self, row: Tier, version: int, data: dict[str, Any]) -> Tier:
        return save_tier(tier=row, expected_version=version, fields=data)


class VendorResource(Resource):
    """Firms that supply labelers."""

    output_class = VendorOutput
    create_class = VendorCreate
    update_class = VendorUpdate
    edit_verb = Verb.EDIT_MONEY
    search_fields = ("name", "slug")
    ordering_fields = ("name", "slug")
    url_name = "vendor"

    def rows(self) -> "models.QuerySet[Vendor]":
        return Vendor.objects.visible_to(self.request.user)

    def check_may_add(self) -> None:
        self.require_to_add(Verb.EDIT_MONEY, Vendor())

    def add(self, data: dict[str, Any]) -> Vendor:
        return save_vendor(vendor=None, expected_version=None, fields=data)

    def change(self, row: Vendor, version: int, data: dict[str, Any]) -> Vendor:
        return save_vendor(vendor=row, expected_version=version, fields=data)
