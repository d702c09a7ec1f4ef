"""List prices of models' tokens out of the reference catalogue, for the levers that call one."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from estimates.models import FactLink, LeverAssumption, LeverKind, ReferenceFact, ScenarioLever
from estimates.models.levers import KIND_INPUTS
from labeling.models import Law, Project

GROUP = "llm_token_price"
LIST_CURRENCY = "USD"
# The lever's input and the part of the list it is.
PARTS = {"price_in": "input", "price_out": "output"}


def token_prices() -> QuerySet[ReferenceFact]:
    """The models whose tokens have a list price in the catalogue, by name."""
    facts = ReferenceFact.objects.filter(group__slug=GROUP, content__input__isnull=False)
    return facts.select_related("source").order_by("label")


def price_words(fact: ReferenceFact) -> str:
    """A list price in a line: "$1.25 in, $10 out"."""
    content: Any = fact.content
    return f"${content['input']} in, ${content['output']} out"


def dated(fact: ReferenceFact) -> str:
    """Where a list price was read, and of when it is: "gpt-5: llm-prices, snapshot of August 2026"."""
    source = fact.source
    if source is None:
        return fact.label
    when = fact.valid or source.note.partition(";")[0] or (str(source.year) if source.year else "")
    return f"{fact.label}: {source.title}" + (f", {when}" if when else "")


def list_price(fact: ReferenceFact, name: str) -> Decimal:
    """What the list says for `price_in` or `price_out`, dollars per million tokens."""
    content: Any = fact.content
    return Decimal(str(content[PARTS[name]]))


def price_row(fact: ReferenceFact, name: str) -> dict[str, Any]:
    """One of both prices as a plan's services take an input."""
    return {
        "name": name,
        "law": Law.NUMBER,
        "point": list_price(fact, name),
        "source": dated(fact),
        "source_url": fact.source.url if fact.source is not None else "",
        "evidence": fact.evidence,
    }


def with_list_price(
    rows: Iterable[Mapping[str, Any]], fact: ReferenceFact | None, *, project: Project, kind: str
) -> list[Mapping[str, Any]]:
    """The rows with the list prices of a model where they state none; what is typed in stays.

    ValidationError, at `list_price`, where the lever calls no model or the list is in another currency.
    """
    given = list(rows)
    if fact is None:
        return given
    require_list_price_fits(project=project, kind=kind)
    stated = {row.get("name") for row in given}
    return [*given, *(price_row(fact, name) for name in PARTS if name not in stated)]


def require_list_price_fits(*, project: Project, kind: str) -> None:
    """ValidationError, at `list_price`, says why a lever cannot take a list price."""
    if "price_in" not in KIND_INPUTS.get(kind, {}):
        label = LeverKind(kind).label if kind in LeverKind.values else "This lever"
        raise ValidationError({"list_price": f"{label} calls no model: it has no price of tokens."})
    budget = getattr(project, "budget", None)
    if budget is None or budget.currency != LIST_CURRENCY:
        currency = "has no budget yet" if budget is None else f"counts in {budget.currency}"
        raise ValidationError(
            {
                "list_price": f"List prices are in {LIST_CURRENCY} and {project} {currency}: enter the "
                "prices, converted, yourself."
            }
        )


def link_prices(lever: ScenarioLever, chosen: ReferenceFact | None) -> None:
    """Remember which figure of the catalogue each price of a stored lever is.

    A price that was changed since is nobody's list price, and loses its link; so does a key that is gone.
    """
    prices = FactLink.objects.filter(project=lever.project, fact__group__slug=GROUP)
    keys = LeverAssumption.objects.filter(lever__scenario__project=lever.project, name__in=PARTS).values(
        "key"
    )
    prices.exclude(key__in=keys).delete()
    for row in lever.assumptions.filter(name__in=PARTS):
        links = prices.filter(key=row.key)
        for link in links.select_related("fact"):
            if chosen is not None or not is_list_price(row, link.fact):
                link.delete()
        if chosen is not None and is_list_price(row, chosen):
            FactLink.objects.get_or_create(project=lever.project, key=row.key, fact=chosen)


def is_list_price(row: Any, fact: ReferenceFact) -> bool:
    return bool(row.law == Law.NUMBER and row.point == list_price(fact, row.name))


def linked_price(lever: ScenarioLever) -> ReferenceFact | None:
    """The model whose list prices a lever counts with; None where both are not of one list entry."""
    keys = {row.key for row in lever.assumptions.all() if row.name in PARTS}
    found: dict[int, set[str]] = {}
    facts: dict[int, ReferenceFact] = {}
    for link in lever.project.fact_links.all():
        if link.key in keys and link.fact.key.startswith(f"{GROUP}."):
            found.setdefault(link.fact_id, set()).add(link.key)
            facts[link.fact_id] = link.fact
    return next((facts[pk] for pk, linked in found.items() if keys and linked == keys), None)
