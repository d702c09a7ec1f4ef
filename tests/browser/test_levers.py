"""A lever entered, switched and reported in the pages, with and without scripts, on real processes."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_enter_in_pages import MAKE_PAUL, sign_in
from tests.browser.test_first_report import THEMES, WIDTHS, look_at
from tests.estimates.levers import POINTS
from tests.processes import World, Worlds

PROJECT = "/projects/our-prm800k"
LEVERS = f"{PROJECT}/scenarios/vendor/levers/"
PAGES = [
    LEVERS,
    f"{LEVERS}active-learning/new/",
    f"{LEVERS}routing/edit/",
    f"{LEVERS}routing/remove/",
    f"{LEVERS}routing/off/",
    f"{PROJECT}/",
]
SHARES = {"auto_share", "audit_share", "model_error", "audit_sensitivity", "people_error"}


@pytest.fixture(scope="module")
def world(worlds: Worlds):
    with worlds.embedded("levers") as world:
        world.start_worker()
        world.manage("load_reference")
        world.manage("shell", "--command", MAKE_PAUL)
        yield world


@pytest.fixture(scope="module")
def address(world: World):
    return world.start_web()[1]


def save(page: Page) -> None:
    page.locator(".entry-actions").get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{PROJECT}/**")


@pytest.fixture(scope="module")
def entered(browser: Browser, address: str):
    """PRM800K as a project of one's own, with routing entered without any script; where its report stands."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sign_in(page, address)
    page.goto(f"{address}/projects/prm800k/duplicate/")
    page.get_by_label("Name", exact=True).fill("Our PRM800K")
    page.locator(".entry-actions button").click()
    page.goto(address + LEVERS)
    page.get_by_role("link", name="Add Routing by confidence").click()
    for name, point in POINTS["routing"].items():
        row = page.locator(f".assumption[aria-labelledby='input-{name}-title']")
        if not row.is_visible():
            row.locator("xpath=ancestor::details[1]").locator("> summary").click()
        row.get_by_label("How sure").select_option("number")
        typed = f"{100 * float(point):g}" if name in SHARES else point
        row.locator(f"[name='{name}-point']").fill(typed)
    page.get_by_label("Where these numbers come from").fill("Our own guess")
    page.get_by_label("How they are known").select_option("assumption")
    page.get_by_label("List prices of").select_option("llm_token_price.gpt-5-mini")
    page.get_by_role("button", name="Use the list prices of the model chosen above").first.click()
    expect(page.locator("[name='price_in-point']")).to_have_value("0.25")
    expect(page.locator("[name='price_out-point']")).to_have_value("2")
    expect(page.locator("[name='tokens_in-point']")).to_have_value("1000")
    save(page)
    context.close()
    return address + PROJECT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_levers_is_accessible_and_fits(
    entered, browser: Browser, address: str, width: int, theme: str
):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
    page = context.new_page()
    sign_in(page, address)
    for path in PAGES:
        page.goto(address + path)
        page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
        look_at(page)
    context.close()


def test_it_is_switched_from_its_row_and_shown_on_the_report(entered, page: Page, address: str):
    sign_in(page, address)
    page.goto(f"{entered}/")
    vendor = page.locator("#scenarios #scenario-vendor")
    vendor.locator("> summary").click()
    lever = vendor.locator(".levers-of details")
    expect(lever).to_contain_text("Routing by confidence")
    lever.locator("> summary").click()
    for before, after in (("off", "on"), ("on", "off")):
        page.get_by_role("button", name=f"Switch {before} Routing by confidence").click()
        vendor.locator("> summary").click()
        lever.locator("> summary").click()
        expect(page.get_by_role("button", name=f"Switch {after} Routing by confidence")).to_be_visible()
    page.get_by_role("button", name="Make a report").click()
    levers = page.get_by_role("table", name="Levers of")
    expect(levers.first).to_be_visible(timeout=60_000)
    expect(levers.first).to_contain_text("It pays where the share of items the model is sure of is above")
    look_at(page)
