"""The page to try the API, in a real browser under the same strict policy as all pages."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_first_report import sign_in
from tests.processes import World, Worlds


@pytest.fixture(scope="module")
def world(worlds: Worlds):
    with worlds.embedded("api-docs") as world:
        yield world


@pytest.fixture(scope="module")
def address(world: World):
    return world.start_web()[1]


@pytest.fixture
def complaints(page: Page):
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.fixture
def hosts(page: Page):
    """Whom the page asks for anything."""
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    return asked


def operation(page: Page, method: str, path: str):
    name = f"operations-{path.strip('/')}-{path.strip('/').replace('-', '_')}_{method}"
    return page.locator(f"[id='{name}']")


def test_a_stranger_is_asked_to_sign_in(page: Page, address: str):
    page.goto(f"{address}/api/docs/")
    expect(page).to_have_url(f"{address}/sign-in/?next=/api/docs/")


def test_the_api_is_tried_on_our_own_page_without_a_request_to_others(
    page: Page, world: World, address: str, complaints: list[str], hosts: set[str]
):
    sign_in(page, world, address)
    page.goto(f"{address}/api/docs/")
    reading = operation(page, "list", "tiers")
    reading.locator(".opblock-summary").click()
    reading.get_by_role("button", name="Execute").click()
    expect(reading.locator(".live-responses-table td.response-col_status").last).to_contain_text("200")
    expect(reading.locator(".live-responses-table")).to_contain_text("generalist")

    writing = operation(page, "create", "tiers")
    writing.locator(".opblock-summary").click()
    writing.locator("textarea.body-param__text").fill('{"name": "Tried here"}')
    writing.get_by_role("button", name="Execute").click()
    expect(writing.locator(".live-responses-table td.response-col_status").last).to_contain_text("201")
    expect(writing.locator(".live-responses-table")).to_contain_text("tried-here")

    assert complaints == []
    assert hosts == {urlsplit(address).netloc}
