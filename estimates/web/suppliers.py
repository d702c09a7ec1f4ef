"""Pages of vendors, tiers, rate cards, teams and exchange rates."""

from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from estimates.models import ExchangeRate, InHouseTeam, RateCard
from estimates.services.suppliers import save_rate_card, save_team
from estimates.web.presenting import pricing_text, team_text
from estimates.web.projects import data_of
from estimates.web.supplier_forms import ExchangeRateEntry, NameEntry, RateCardEntry, TeamEntry
from labeling.models import Tier, Vendor, Verb, VersionedModel, may
from labeling.services.plans import remove_row, save_version
from labeling.services.workforce import save_tier, save_vendor
from labeling.web.entries import answer_entry, exists_if, form_view
from labeling.web.removing import answer_removal
from labeling.web.requests import signed_in

R = TypeVar("R", bound=VersionedModel)


def suppliers_address(section: str = "") -> str:
    address = reverse("estimates:suppliers")
    return f"{address}#{section}" if section else address


def supplier_context(heading: str, **more: Any) -> dict[str, Any]:
    back = suppliers_address()
    return {"heading": heading, "trail": [("Suppliers", back)], "back": back, "room": "suppliers", **more}


def editable(request: HttpRequest, model: type[R], **where: Any) -> R:
    """A row of the organisation's that this person may see and change."""
    user = signed_in(request)
    row: R = get_object_or_404(model.objects.visible_to(user), **where)  # type: ignore[attr-defined]
    exists_if(may(user, Verb.EDIT_MONEY, row))  # type: ignore[arg-type]
    return row


def newest(model: type[R], row: R | None) -> R:
    """The row as it is stored now; DoesNotExist where somebody has removed it."""
    found: R = model._default_manager.get(pk=row.pk if row is not None else None)
    return found


def may_enter(request: HttpRequest, model: type[models.Model]) -> bool:
    return may(signed_in(request), Verb.EDIT_MONEY, model())  # type: ignore[arg-type]


def present_card(card: RateCard) -> dict[str, Any]:
    return {"row": card, "words": pricing_text(card)}


@login_required
@require_safe
def suppliers_view(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    exists_if(user.is_staff or user.is_insider)
    cards = RateCard.objects.visible_to(user).select_related("tier").prefetch_related("assumptions", "tiers")
    vendors = Vendor.objects.visible_to(user).prefetch_related(models.Prefetch("rate_cards", cards))
    teams = InHouseTeam.objects.visible_to(user).prefetch_related("assumptions")
    context = {
        "room": "suppliers",
        "vendors": [
            {"row": vendor, "cards": [present_card(card) for card in vendor.rate_cards.all()]}
            for vendor in vendors
        ],
        "teams": [{"row": team, "words": team_text(team)} for team in teams],
        "rates": ExchangeRate.objects.visible_to(user)[:200],
        # A rate of a later day is taken by reports from that day on, as in `selectors.rates_for`.
        "today": timezone.localdate(),
        "tiers": Tier.objects.visible_to(user),
        "may_edit": may_enter(request, RateCard),
    }
    return render(request, "estimates/suppliers.html", context)


# --- Vendors and tiers -----------------------------------------------------------------------------


def vendor_view(request: HttpRequest, vendor: Vendor | None) -> HttpResponse:
    entry = NameEntry(vendor, data_of(request), noun="Vendor")

    def write() -> str:
        version = entry.form.cleaned_data["version"] if vendor is not None else None
        save_vendor(vendor=vendor, expected_version=version, fields=entry.form.content)
        return suppliers_address("vendors")

    more = {"remove": reverse("estimates:remove-vendor", args=[vendor.slug])} if vendor is not None else {}
    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: NameEntry(newest(Vendor, vendor), noun="Vendor"),
        context=supplier_context(vendor.name if vendor is not None else "New vendor", **more),
    )


def tier_view(request: HttpRequest, tier: Tier | None) -> HttpResponse:
    entry = NameEntry(tier, data_of(request), noun="Tier")

    def write() -> str:
        version = entry.form.cleaned_data["version"] if tier is not None else None
        save_tier(tier=tier, expected_version=version, fields=entry.form.content)
        return suppliers_address("tiers")

    more = {"remove": reverse("estimates:remove-tier", args=[tier.slug])} if tier is not None else {}
    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: NameEntry(newest(Tier, tier), noun="Tier"),
        context=supplier_context(tier.name if tier is not None else "New tier", **more),
    )


@form_view
def add_vendor_view(request: HttpRequest) -> HttpResponse:
    exists_if(may_enter(request, Vendor))
    return vendor_view(request, None)


@form_view
def edit_vendor_view(request: HttpRequest, slug: str) -> HttpResponse:
    return vendor_view(request, editable(request, Vendor, slug=slug))


@form_view
def add_tier_view(request: HttpRequest) -> HttpResponse:
    exists_if(may_enter(request, Tier))
    return tier_view(request, None)


@form_view
def edit_tier_view(request: HttpRequest, slug: str) -> HttpResponse:
    return tier_view(request, editable(request, Tier, slug=slug))


# --- Rate cards, teams, exchange rates -------------------------------------------------------------


@form_view
def add_rate_card_view(request: HttpRequest) -> HttpResponse:
    """A new card, of a vendor (?vendor=its-slug) or from another card (?like=its-slug)."""
    exists_if(may_enter(request, RateCard))
    user = signed_in(request)
    asked = {name: request.GET.get(name, "")[:50].replace("\x00", "") for name in ("vendor", "like")}
    entry = RateCardEntry(
        user=user,
        card=None,
        data=data_of(request),
        model=RateCard.objects.visible_to(user).filter(slug=asked["like"]).first(),
        vendor=Vendor.objects.visible_to(user).filter(slug=asked["vendor"]).first(),
    )
    return answer_rate_card(request, entry, None)


@form_view
def edit_rate_card_view(request: HttpRequest, slug: str) -> HttpResponse:
    card = editable(request, RateCard, slug=slug)
    return answer_rate_card(
        request, RateCardEntry(user=signed_in(request), card=card, data=data_of(request)), card
    )


def answer_rate_card(request: HttpRequest, entry: RateCardEntry, card: RateCard | None) -> HttpResponse:
    def write() -> str:
        save_rate_card(
            card=card,
            expected_version=entry.form.cleaned_data["version"] if card is not None else None,
            fields=entry.form.content,
            assumptions=entry.assumptions.rows_to_store,
            tiers=entry.tiers.rows_to_store,
        )
        return suppliers_address("vendors")

    context = supplier_context("New rate card")
    if card is not None:
        like = reverse("estimates:add-rate-card") + f"?like={card.slug}"
        context = supplier_context(
            card.name,
            text="Reports that were made keep the price they were computed from.",
            remove=reverse("estimates:remove-rate-card", args=[card.slug]),
            copies=[("New card like this", like)],
        )
    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: RateCardEntry(user=signed_in(request), card=newest(RateCard, card)),
        context=context,
    )


def team_view(request: HttpRequest, team: InHouseTeam | None) -> HttpResponse:
    entry = TeamEntry(team, data_of(request))

    def write() -> str:
        save_team(
            team=team,
            expected_version=entry.form.cleaned_data["version"] if team is not None else None,
            fields=entry.form.content,
            assumptions=entry.assumptions.rows_to_store,
        )
        return suppliers_address("teams")

    more = {"remove": reverse("estimates:remove-team", args=[team.slug])} if team is not None else {}
    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: TeamEntry(newest(InHouseTeam, team)),
        context=supplier_context(team.name if team is not None else "New in-house team", **more),
    )


@form_view
def add_team_view(request: HttpRequest) -> HttpResponse:
    exists_if(may_enter(request, InHouseTeam))
    return team_view(request, None)


@form_view
def edit_team_view(request: HttpRequest, slug: str) -> HttpResponse:
    return team_view(request, editable(request, InHouseTeam, slug=slug))


def exchange_rate_view(request: HttpRequest, rate: ExchangeRate | None) -> HttpResponse:
    entry = ExchangeRateEntry(rate, data_of(request))

    def write() -> str:
        version = entry.form.cleaned_data["version"] if rate is not None else None
        save_version(rate or ExchangeRate(), expected_version=version, fields=entry.form.content)
        return suppliers_address("exchange-rates")

    more = {"remove": reverse("estimates:remove-exchange-rate", args=[rate.pk])} if rate is not None else {}
    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: ExchangeRateEntry(newest(ExchangeRate, rate)),
        context=supplier_context(str(rate) if rate is not None else "New exchange rate", **more),
    )


@form_view
def add_exchange_rate_view(request: HttpRequest) -> HttpResponse:
    exists_if(may_enter(request, ExchangeRate))
    return exchange_rate_view(request, None)


@form_view
def edit_exchange_rate_view(request: HttpRequest, pk: int) -> HttpResponse:
    return exchange_rate_view(request, editable(request, ExchangeRate, pk=pk))


# --- Removing --------------------------------------------------------------------------------------


def remove_view(request: HttpRequest, row: VersionedModel, section: str) -> HttpResponse:
    """What a scenario, a card or a package still uses is not removed; the page says what does."""
    return answer_removal(
        request,
        row,
        remove=lambda version: remove_row(row, expected_version=version),
        leads_to=suppliers_address(section),
        context=supplier_context(
            f"Remove {row}?",
            sentence="Reports that were made keep their figures. What is still used cannot be removed.",
            verb="Remove",
        ),
    )


@form_view
def remove_vendor_view(request: HttpRequest, slug: str) -> HttpResponse:
    return remove_view(request, editable(request, Vendor, slug=slug), "vendors")


@form_view
def remove_tier_view(request: HttpRequest, slug: str) -> HttpResponse:
    return remove_view(request, editable(request, Tier, slug=slug), "tiers")


@form_view
def remove_rate_card_view(request: HttpRequest, slug: str) -> HttpResponse:
    return remove_view(request, editable(request, RateCard, slug=slug), "vendors")


@form_view
def remove_team_view(request: HttpRequest, slug: str) -> HttpResponse:
    return remove_view(request, editable(request, InHouseTeam, slug=slug), "teams")


@form_view
def remove_exchange_rate_view(request: HttpRequest, pk: int) -> HttpResponse:
    return remove_view(request, editable(request, ExchangeRate, pk=pk), "exchange-rates")
