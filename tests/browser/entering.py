"""The newcomer's project as a person types it into the pages."""

from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from playwright.sync_api import Locator, Page, expect

from estimates.models.suppliers import RATE_INPUTS, TEAM_INPUTS, Basis, Payer, Pricing, VolumePricing
from labeling.models.package_inputs import PACKAGE_INPUTS
from tests import newcomer

SPECS = {**PACKAGE_INPUTS, **RATE_INPUTS, **TEAM_INPUTS}
PARTS = ("low", "mode", "high", "mean", "weight", "point")


def as_typed(name: str, part: str, value: str) -> str:
    """A share is typed as a percentage."""
    if SPECS[name].unit == "share" and part != "weight":
        return format((Decimal(value) * 100).normalize(), "f")
    return value


def row_of(page: Page, name: str) -> Locator:
    label = SPECS[name].label
    row = page.locator(f".assumption[aria-labelledby='input-{name}-title']")
    expect(row).to_contain_text(label)
    return row


def fill_inputs(page: Page, inputs: list[dict[str, str]]) -> None:
    for one in inputs:
        row = row_of(page, one["name"])
        if not row.is_visible():
            row.locator("xpath=ancestor::details[1]").locator("> summary").click()
        row.get_by_label("How sure").select_option(one["law"])
        if "spread_of" in one:
            row.get_by_label("What the spread means").select_option(one["spread_of"])
        for part in PARTS:
            if part in one:
                row.locator(f"[name='{one['name']}-{part}']").fill(as_typed(one["name"], part, one[part]))
    page.get_by_label("Where these numbers come from").fill(newcomer.SOURCE)
    page.get_by_label("How they are known").select_option(newcomer.EVIDENCE)


def save(page: Page, words: str = "Save") -> None:
    page.locator(".entry-actions").get_by_role("button", name=words).click()
    expect(page.locator(".entry-actions")).to_have_count(0)


def start_project(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Start from nothing").click()
    project = newcomer.PROJECT
    page.get_by_label("Name", exact=True).fill(project["name"])
    page.get_by_label("What it is about").fill(project["summary"])
    page.get_by_label("Work starts on").fill(project["starts_on"])
    page.get_by_label("Deadline").fill(project["deadline"])
    page.get_by_role("combobox", name="Currency").fill(newcomer.BUDGET["currency"])
    page.get_by_label("Limit").fill(newcomer.BUDGET["limit"])
    save(page, "Start the project")
    expect(page.get_by_role("heading", level=1)).to_contain_text(project["name"])


def add_package(page: Page, row: dict[str, Any]) -> None:
    page.get_by_role("link", name="Add a work package").click()
    page.get_by_label("Name", exact=True).fill(row["name"])
    tier = next(one["name"] for one in newcomer.TIERS if one["slug"] == row["tier"])
    offered = page.get_by_label("Tier", exact=True).locator("option").all_text_contents()
    if tier in offered:
        page.get_by_label("Tier", exact=True).select_option(label=tier)
    else:
        page.get_by_label("Or a new tier").fill(tier)
    page.locator(f"[name='task_type'][value='{row['task_type']}']").check()
    for name, value in row["settings"].items():
        control = page.locator(f"[name='{row['task_type']}-{name}']")
        if isinstance(value, bool):
            page.locator(f"[name='{row['task_type']}-{name}'][value='{'yes' if value else 'no'}']").check()
        else:
            control.fill(str(value))
    page.locator(f"[name='effort_kind'][value='{row['effort_kind']}']").check()
    fill_inputs(page, row["inputs"])
    save(page)


def add_vendor(page: Page, address: str, row: dict[str, str]) -> None:
    page.goto(f"{address}/suppliers/")
    page.get_by_role("link", name="New vendor").click()
    page.get_by_label("Name", exact=True).fill(row["name"])
    save(page)


def add_rate_card(page: Page, row: dict[str, Any]) -> None:
    vendor = next(one["name"] for one in newcomer.VENDORS if one["slug"] == row["vendor"])
    tier = next(one["name"] for one in newcomer.TIERS if one["slug"] == row["tier"])
    page.get_by_role("link", name=f"Add a rate card of {vendor}").click()
    page.get_by_label("Tier", exact=True).select_option(label=tier)
    page.get_by_label("Name", exact=True).fill(row["name"])
    page.get_by_role("combobox", name="Currency").fill(row["currency"])
    page.get_by_label("Price per", exact=True).select_option(label=Basis(row["basis"]).label)
    page.get_by_label("Valid from").fill(row["valid_from"])
    page.get_by_label("Valid until").fill(row["valid_until"])
    page.get_by_role("radio", name=capfirst(Pricing(row["pricing"]).label), exact=True).check()
    page.get_by_role("radio", name=capfirst(VolumePricing(row["volume_pricing"]).label), exact=True).check()
    for name, title in (("rework", "Rework"), ("gold", "Gold items"), ("training", "Training")):
        group = page.get_by_role("group", name=title, exact=True)
        group.get_by_role("radio", name=Payer(row[f"{name}_paid_by"]).label).check()
    fill_inputs(page, row["inputs"])
    save(page)


def add_team(page: Page, address: str) -> None:
    page.goto(f"{address}/suppliers/")
    page.get_by_role("link", name="New in-house team").click()
    page.get_by_label("Name", exact=True).fill(newcomer.TEAM["name"])
    page.get_by_role("combobox", name="Currency").fill(newcomer.TEAM["currency"])
    fill_inputs(page, newcomer.TEAM["inputs"])
    save(page)


def add_scenario(page: Page, row: dict[str, Any]) -> None:
    page.get_by_role("link", name="Add a scenario").click()
    page.get_by_label("Name", exact=True).fill(row["name"])
    names = {one["slug"]: one["name"] for one in (*newcomer.RATE_CARDS, newcomer.TEAM)}
    for package, supplier in zip(newcomer.PACKAGES, row["suppliers"], strict=True):
        group = page.get_by_role("group", name=package["name"])
        chosen = group.get_by_label("Supplier", exact=True)
        labels = chosen.locator("option").all_text_contents()
        chosen.select_option(label=next(label for label in labels if label.startswith(names[supplier])))
    save(page)


def enter_newcomer(page: Page, address: str) -> None:
    """All of it, from an empty portfolio to three scenarios."""
    start_project(page, f"{address}/")
    for package in newcomer.PACKAGES:
        add_package(page, package)
    for vendor in newcomer.VENDORS:
        add_vendor(page, address, vendor)
    for card in newcomer.RATE_CARDS:
        add_rate_card(page, card)
    add_team(page, address)
    page.goto(f"{address}/projects/{newcomer.PROJECT['slug']}/")
    for scenario in newcomer.SCENARIOS:
        add_scenario(page, scenario)
