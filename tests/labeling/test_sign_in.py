"""A link that lets in once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from labeling.models import User
from labeling.services.people import sign_in_path, spend_token
from tests.factories import administrator, person

pytestmark = pytest.mark.django_db


def test_a_link_signs_in_and_is_void_after_use(client):
    path = sign_in_path(administrator())
    assert client.get(path).status_code == 200
    assert client.post(path).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    client.logout()
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert "_auth_user_id" not in client.session


def test_reading_the_page_of_a_link_uses_nothing_up(client):
    path = sign_in_path(administrator())
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert "_auth_user_id" not in client.session
    assert client.post(path).status_code == 302


def test_a_link_is_spent_once_when_two_use_it_at_once():
    user = administrator()
    token = sign_in_path(user).rstrip("/").rpartition("/")[2]
    assert spend_token(token, now=timezone.now()) == user
    assert spend_token(token, now=timezone.now()) is None


def test_a_second_link_still_works_after_the_first_was_made(client):
    user = administrator()
    first, second = sign_in_path(user), sign_in_path(user)
    assert client.post(second).status_code == 302
    client.logout()
    assert client.post(first).status_code == 410


def test_a_link_is_void_when_it_is_old_or_forged_or_of_another_or_after_a_new_password(client, settings):
    user, other = administrator(), person()
    path = sign_in_path(user)
    for wrong in (
        path.replace(f"/{user.pk}:", f"/{user.pk + 1}:"),
        f"/sign-in/{other.pk}{path[path.index(':') :]}",
        path[:-3] + "/",
        "/sign-in/x/",
    ):
        assert client.get(wrong).status_code == 410, wrong
    user.set_password("a long new password")
    user.save()
    assert client.get(path).status_code == 410
    fresh = sign_in_path(user)
    settings.SIGN_IN_LINK_SECONDS = -1
    assert client.get(fresh).status_code == 410


def test_an_inactive_person_is_not_let_in(client):
    user = administrator()
    path = sign_in_path(user)
    User.objects.update(is_active=False)
    assert client.post(path).status_code == 410


def test_a_password_signs_in_whatever_the_case_of_the_address(client):
    User.objects.create_user("ada@example.org", "correct horse battery")
    answer = client.post(
        reverse("account_login"), {"login": "Ada@Example.org", "password": "correct horse battery"}
    )
    assert answer.status_code == 302


def test_signing_out_takes_a_post(client):
    client.force_login(administrator())
    assert "Sign out?" in client.get(reverse("account_logout")).content.decode()
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_the_first_administrator_is_made_once_and_without_a_password():
    links = []
    for _ in range(2):
        out = StringIO()
        call_command("sign_in_link", administrator=True, base_url="http://127.0.0.1:8001/", stdout=out)
        links.append(out.getvalue().strip())
    user = User.objects.get()
    assert (user.is_superuser, user.has_usable_password()) == (True, False)
    assert all(link.startswith("http://127.0.0.1:8001/sign-in/") for link in links)


def test_nothing_of_a_link_is_stored():
    token = sign_in_path(administrator()).rstrip("/").rpartition("/")[2]
    signature = token.rpartition(":")[2]
    assert not any(signature in str(value) for value in User.objects.values().get().values())


def test_a_link_that_no_running_page_would_believe_is_not_made(settings):
    settings.SECRET_KEY_IS_OWN = True
    with pytest.raises(CommandError, match="press Enter where `make run` runs"):
        call_command("sign_in_link", administrator=True)
    assert not User.objects.exists()


def test_a_link_for_nobody_is_one_clear_line():
    with pytest.raises(CommandError, match=r"Nobody active has the address eve@example\.org"):
        call_command("sign_in_link", "eve@example.org")


@pytest.mark.parametrize("token", ["9" * 5000, "9" * 19 + ":x", "-1:x", "１:x", ":"], ids=len)
def test_a_token_of_nonsense_is_void_and_no_error(client, token):
    assert client.get(f"/sign-in/{token}/").status_code == 410
