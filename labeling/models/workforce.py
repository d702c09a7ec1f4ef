"""The people and firms who label."""

from typing import TYPE_CHECKING

from django.db import models
from simple_history.models import HistoricalRecords

from labeling.models.versions import VersionedModel
from labeling.rights import Verb, is_somebody

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from labeling.models.access import User


def allows_insider(user: "User", verb: Verb) -> bool:
    """What belongs to the whole organisation: insiders see it, those who plan or buy enter it."""
    if verb in {Verb.SEE, Verb.SEE_PLAN, Verb.SEE_MONEY}:
        return user.is_insider
    if verb in {Verb.EDIT_PLAN, Verb.EDIT_MONEY}:
        return user.vendor_id is None and (user.may_start_projects or user.can_somewhere(Verb.EDIT_MONEY))
    return False


class TierQuerySet(models.QuerySet["Tier"]):
    def visible_to(self, user: "User | AnonymousUser") -> "TierQuerySet":
        """Skill levels are no secret inside the organisation; a vendor's contact has no use for them."""
        return self if is_somebody(user) and user.vendor_id is None else self.none()


class Tier(VersionedModel):
    """A skill level, with its own rate, speed and quality."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True, max_length=2000)

    objects = TierQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def allows(self, user: "User", verb: Verb) -> bool:
        if verb == Verb.SEE:
            return user.vendor_id is None
        return allows_insider(user, verb)


class VendorQuerySet(models.QuerySet["Vendor"]):
    def visible_to(self, user: "User | AnonymousUser") -> "VendorQuerySet":
        """Insiders see all vendors; a vendor's contact sees their own."""
        if not is_somebody(user):
            return self.none()
        if user.is_staff or user.is_insider:
            return self
        return self.filter(pk=user.vendor_id) if user.vendor_id else self.none()


class Vendor(VersionedModel):
    """A firm that supplies labelers and invoices for them."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=2000)

    objects = VendorQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def allows(self, user: "User", verb: Verb) -> bool:
        if verb == Verb.SEE and not self._state.adding and user.vendor_id == self.pk:
            return True
        return allows_insider(user, verb)
