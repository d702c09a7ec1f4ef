"""A newcomer enters a project of their own in the pages and prices it, on real web and worker processes."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import newcomer
from tests.browser.entering import enter_newcomer
from tests.browser.test_first_report import THEMES, WIDTHS, look_at
from tests.processes import World, Worlds

PAUL = "paul@example.org"
PASSWORD = "a long passphrase of Paul's"
MAKE_PAUL = f"""
from labeling.models import User
User.objects.create_user("{PAUL}", "{PASSWORD}", name="Paul", may_start_projects=True)
"""
PROJECT = f"/projects/{newcomer.PROJECT['slug']}"
PAGES = [
    "/",
    "/projects/new/",
    f"{PROJECT}/",
    f"{PROJECT}/edit/",
    f"{PROJECT}/budget/",
    f"{PROJECT}/duplicate/",
    f"{PROJECT}/archive/",
    f"{PROJECT}/packages/new/",
    f"{PROJECT}/packages/ranked-answers/edit/",
    f"{PROJECT}/packages/ranked-answers/remove/",
    f"{PROJECT}/scenarios/new/",
    f"{PROJECT}/scenarios/fieldwork/edit/",
    f"{PROJECT}/quick-price/",
    "/suppliers/",
    "/suppliers/vendors/new/",
    "/suppliers/tiers/new/",
    "/suppliers/rate-cards/new/",
    "/suppliers/rate-cards/fieldwork-by-the-hour/edit/",
    "/suppliers/teams/own-people/edit/",
    "/suppliers/exchange-rates/new/",
    "/reports/1/",
]


@pytest.fixture(scope="module")
def world(worlds: Worlds):
    with worlds.embedded("entering") as world:
        world.start_worker()
        world.manage("shell", "--command", MAKE_PAUL)
        yield world


@pytest.fixture(scope="module")
def address(world: World):
    return world.start_web()[1]


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.get_by_label("E-mail").fill(PAUL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")


@pytest.fixture
def complaints(page: Page):
    """What the browser complained of: errors of scripts, of the content security policy, of missing files."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def whole(amount: str) -> str:
    return f"${round(float(amount)):,}"


@pytest.fixture(scope="module")
def entered(browser: Browser, world: World, address: str):
    """The project, typed in once for the tests of this file, and the complaints of the browser meanwhile."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    sign_in(page, address)
    enter_newcomer(page, address)
    page.get_by_label("Simulated outcomes").select_option(str(newcomer.DRAWS))
    page.get_by_label("Seed").fill(str(newcomer.SEED))
    page.get_by_role("button", name="Make a report").click()
    expect(page.get_by_role("heading", name="Scenarios side by side")).to_be_visible(timeout=60_000)
    text = page.locator("main").inner_text()
    context.close()
    return text, heard


def test_the_page_and_the_command_line_say_the_same_to_the_cent(entered, world: World):
    text, heard = entered
    told = json.loads(
        world.manage(
            "price", newcomer.PROJECT["slug"], "--json",
            "--seed", str(newcomer.SEED), "--draws", str(newcomer.DRAWS),
        )
    )  # fmt: skip
    assert len(told["scenarios"]) == 3
    for scenario in told["scenarios"]:
        total = newcomer.TOTALS[scenario["slug"]]
        assert scenario["point"]["total"] == str(total)
        assert f"${total:,}" in text
        for level in ("p10", "p50", "p90"):
            assert whole(scenario["simulated"][level]) in text
    for comparison in told["comparisons"]:
        assert comparison["sentence"] in text
    assert heard == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_and_fits(entered, browser: Browser, address: str, width: int, theme: str):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
    page = context.new_page()
    sign_in(page, address)
    for path in PAGES:
        page.goto(address + path)
        page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
        look_at(page)
    context.close()


def test_errors_and_other_people_s_changes_are_accessible(entered, page: Page, address: str):
    sign_in(page, address)
    page.goto(f"{address}{PROJECT}/packages/ranked-answers/edit/")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Name", exact=True).fill("Ranked by three")
    other.locator(".entry-actions").get_by_role("button", name="Save").click()
    other.wait_for_url(f"**{PROJECT}/**")
    page.locator("[name='overlap-point']").fill("1,000")
    page.locator(".entry-actions").get_by_role("button", name="Save").click()
    problem = page.get_by_role("link", name="Judgements per item, point")
    expect(page.get_by_role("alert")).to_be_focused()
    look_at(page)
    problem.click()
    expect(page.locator("[name='overlap-point']")).to_be_focused()
    page.locator("[name='overlap-point']").fill("3")
    page.locator(".entry-actions").get_by_role("button", name="Save").click()
    clash = page.get_by_role("alert", name="Somebody else changed this since you opened it")
    expect(clash).to_contain_text("Ranked by three")
    look_at(page)
    expect(page.locator("[name='overlap-point']")).to_have_value("3")
    page.get_by_role("link", name="Take theirs, drop mine").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ranked by three")


def test_only_the_numbers_of_the_chosen_law_are_shown_without_any_script(
    entered, browser: Browser, address: str
):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address)
    page.goto(f"{address}{PROJECT}/packages/new/")
    page.locator("[name='task_type'][value='ranking']").check()
    page.locator("[name='effort_kind'][value='items']").check()
    expect(page.get_by_role("heading", name="Settings: K-wise ranking")).to_be_visible()
    expect(page.get_by_role("heading", name="Settings: Rubric")).to_be_hidden()
    row = page.locator("[aria-labelledby='input-minutes_per_judgement-title']")
    shown = {"range": "low high point", "pert": "low mode high point", "number": "point"}
    for law, parts in shown.items():
        row.get_by_label("How sure").select_option(law)
        for part in ("low", "mode", "high", "mean", "weight", "point"):
            control = row.locator(f"[name='minutes_per_judgement-{part}']")
            expect(control).to_be_visible(visible=part in parts.split())
    row.get_by_role("button", name="Use 8–25 minutes").click()
    expect(page.locator("[name='minutes_per_judgement-high']")).to_have_value("25")
    context.close()
