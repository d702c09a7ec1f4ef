"""Invited, signed in and on a project, in a real browser: every page of it readable in both themes and widths."""

import re
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_first_report import THEMES, WIDTHS, look_at
from tests.processes import World, Worlds

PASSWORD = "correct horse battery"
ADD_OLGA = f"""
from labeling.models import Membership, Project, User
olga = User.objects.create_user("olga@example.org", "{PASSWORD}", name="Olga")
Membership.objects.create(user=olga, project=Project.objects.get(slug="instructgpt"), role="owner")
"""


@pytest.fixture(scope="module")
def world(worlds: Worlds):
    with worlds.embedded("people") as world:
        world.manage("shell", "--no-imports", "-c", ADD_OLGA)
        yield world


@pytest.fixture(scope="module")
def address(world: World):
    return world.start_web()[1]


def newest_mail(world: World) -> EmailMessage:
    """The mail that was written last to the folder of an installation without a mail server."""
    files = sorted((world.data / "mail").iterdir(), key=lambda file: (file.stat().st_mtime_ns, file.name))
    text = Path(files[-1]).read_text(encoding="utf-8").rpartition("\n" + "-" * 79)[0]
    mail = message_from_string(text, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def link_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    (link,) = re.findall(r"http://\S+", body.get_content())
    return str(link)


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page, address: str) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{address}/sign-in/")


def everywhere(page: Page) -> None:
    """Look at the page in both themes and widths."""
    for theme in THEMES:
        for width in WIDTHS:
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": 800})
            look_at(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_from_the_invitation_to_the_second_step(page: Page, world: World, address: str):
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    sign_in(page, address, "olga@example.org")
    page.get_by_role("link", name="InstructGPT").click()
    page.get_by_role("link", name="People").click()
    page.get_by_label("E-mail").fill("paul@example.org")
    page.get_by_label("As").select_option("planner")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation was sent to paul@example.org.")).to_be_visible()
    everywhere(page)
    sign_out(page, address)

    page.goto(link_in(newest_mail(world)))
    everywhere(page)
    page.get_by_label("Name").fill("Paul")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("link", name="InstructGPT")).to_be_visible()

    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Add a second step").click()
    everywhere(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    everywhere(page)
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("Code the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Add the second step").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    everywhere(page)
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10

    page.goto(f"{address}/account/keys/new/")
    page.get_by_label("Name").fill("Nightly export")
    page.get_by_label("May").select_option("read")
    page.get_by_label("Lives for").select_option("90")
    everywhere(page)
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_label("Key")).to_contain_text("ann_")
    everywhere(page)
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("row", name="Nightly export")).to_contain_text("usable")
    everywhere(page)
    sign_out(page, address)

    sign_in(page, address, "paul@example.org")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    everywhere(page)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Portfolio")).to_be_visible()
    assert complaints == []


def code_of(secret: str) -> str:
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"


def test_a_forgotten_password(page: Page, world: World, address: str):
    world.manage(
        "shell", "--no-imports", "-c",
        "from labeling.models import User; User.objects.create_user('lena@example.org', name='Lena')",
    )  # fmt: skip
    page.goto(f"{address}/sign-in/")
    page.get_by_role("link", name="Forgotten, or never set a password?").click()
    everywhere(page)
    page.get_by_label("E-mail").fill("lena@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(link_in(newest_mail(world)))
    everywhere(page)
    for label in ("New password", "New password, again"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("You are signed in, and on no project yet.")).to_be_visible()
    everywhere(page)


def test_pages_one_seldom_meets(browser: Browser, world: World, address: str):
    context = browser.new_context()
    page = context.new_page()
    for path in (
        "/sign-in/",
        "/sign-in/switched-off/",
        "/password/reset/1-nothing/",
        "/invitations/nothing/",
    ):
        page.goto(address + path)
        everywhere(page)
    sign_in(page, address, "olga@example.org")
    page.wait_for_url(f"{address}/")
    for path in ("/account/password/", "/sign-out/", "/projects/instructgpt/guidelines/", "/people/"):
        page.goto(address + path)
        everywhere(page)
    context.close()
