"""Keys for programs, and the two questions the API asks of them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from rest_framework.authentication import SessionAuthentication
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from labeling.api.authentication import ApiKeyAuthentication
from labeling.api.permissions import SignedIn
from labeling.models import ApiKey, Scope, User
from labeling.services.api_keys import create_key, key_of, note_use, revoke_key
from tests.factories import NOON, administrator, person
from tests.labeling.signing_in import bo, confirm

pytestmark = pytest.mark.django_db


def make(user, *, name="Nightly export", scope=Scope.WRITE, expires_at=None, now=NOON):
    return create_key(user=user, name=name, scope=scope, expires_at=expires_at, now=now)


def test_a_key_is_shown_once_and_stored_as_a_digest():
    key, secret = make(person())
    assert secret.startswith("ann_")
    assert len(secret) >= 60
    assert not any(secret in str(value) for value in ApiKey.objects.values().get().values())
    assert key_of(secret=secret, now=NOON) == key


def test_only_the_whole_key_opens_the_door():
    _, secret = make(person())
    make(person("cy@example.org"))
    for wrong in (
        secret[:-1],
        secret[:-1] + "x",
        secret + "0",
        secret[:16],
        "",
        "ann_",
        secret.upper(),
        "é" * 40,
    ):
        assert key_of(secret=wrong, now=NOON) is None, wrong


def test_a_key_opens_nothing_once_it_is_late_revoked_or_its_owner_switched_off():
    user = person()
    key, secret = make(user, expires_at=NOON + timedelta(days=1))
    assert key_of(secret=secret, now=NOON + timedelta(hours=23)) == key
    assert key_of(secret=secret, now=NOON + timedelta(days=1)) is None
    User.objects.update(is_active=False)
    assert key_of(secret=secret, now=NOON) is None
    User.objects.update(is_active=True)
    revoke_key(key=key, now=NOON)
    revoke_key(key=key, now=NOON + timedelta(days=1))
    assert key_of(secret=secret, now=NOON) is None
    assert ApiKey.objects.get().revoked_at == NOON


def test_bad_input_names_its_field():
    for wrong, field in (
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scope": "admin"}, "scope"),
        ({"expires_at": NOON}, "expires_at"),
    ):
        with pytest.raises(ValidationError) as refused:
            make(administrator() if not User.objects.exists() else User.objects.get(), **wrong)
        assert field in refused.value.error_dict
    assert not ApiKey.objects.exists()


def test_its_last_use_is_written_at_most_once_a_minute(django_assert_num_queries):
    key, _ = make(person())
    note_use(key=key, now=NOON)
    key.refresh_from_db()
    with django_assert_num_queries(0):
        note_use(key=key, now=NOON + timedelta(seconds=59))
    note_use(key=key, now=NOON + timedelta(seconds=60))
    key.refresh_from_db()
    assert key.last_used_at == NOON + timedelta(seconds=60)


# --- The API's door --------------------------------------------------------------------------------


class Echo(APIView):
    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [SignedIn]

    def get(self, request):
        return Response({"user": request.user.email})

    post = get


def ask(method="get", key=None, **headers):
    if key is not None:
        headers["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    request = getattr(APIRequestFactory(), method)("/", **headers)
    return Echo.as_view()(request)


def test_a_key_signs_its_owner_in_and_notes_that_it_was_used():
    key, secret = make(person(), now=timezone.now())
    answer = ask(key=secret)
    assert (answer.status_code, answer.data) == (200, {"user": "bo@example.org"})
    key.refresh_from_db()
    assert key.last_used_at is not None


def test_without_a_usable_key_the_answer_is_401_with_a_challenge():
    key, secret = make(person(), now=timezone.now())
    revoke_key(key=key, now=timezone.now())
    for headers in (
        {},
        {"key": secret},
        {"key": "ann_wrong"},
        {"key": ""},
        {"HTTP_AUTHORIZATION": "Bearer"},
        {"HTTP_AUTHORIZATION": "Bearer é"},
        {"HTTP_AUTHORIZATION": "Basic Ym86Ym8="},
        {"HTTP_AUTHORIZATION": f"Bearer {secret} and more"},
    ):
        answer = ask(**headers)
        assert answer.status_code == 401, headers
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_that_may_read_changes_nothing():
    _, reading = make(person(), scope=Scope.READ, now=timezone.now())
    _, writing = make(User.objects.get(), scope=Scope.WRITE, now=timezone.now())
    assert ask(key=reading).status_code == 200
    refused = ask("post", key=reading)
    assert refused.status_code == 403
    assert "may read only" in str(refused.data["detail"])
    assert ask("post", key=writing).status_code == 200


def test_people_signed_in_to_the_pages_may_ask_too_and_not_be_made_to_write(client, settings):
    settings.ROOT_URLCONF = "tests.labeling.echo_urls"
    client.force_login(person())
    assert client.get("/echo/").status_code == 200
    client.handler.enforce_csrf_checks = True
    assert client.post("/echo/").status_code == 403


# --- Their pages -----------------------------------------------------------------------------------


def test_a_key_is_made_on_a_page_that_asks_who_it_is_first_and_shows_it_once(client):
    client.force_login(bo())
    form = {"name": "Nightly export", "scope": "read", "life": "30"}
    assert client.post(reverse("accounts:new-key"), form).headers["Location"].startswith("/account/confirm/")
    assert not ApiKey.objects.exists()
    confirm(client)
    answer = client.post(reverse("accounts:new-key"), form)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    key = ApiKey.objects.get()
    assert (key.scope, key.user.email) == ("read", "bo@example.org")
    assert key.expires_at is not None
    assert timedelta(days=29) < key.expires_at - timezone.now() <= timedelta(days=30)
    text = client.get("/account/").content.decode()
    assert key.prefix in text
    assert secret not in text


@pytest.mark.parametrize("field", ["name", "scope", "life"])
def test_nothing_about_a_key_is_taken_for_granted(client, field):
    client.force_login(bo())
    confirm(client)
    form = {"name": "Nightly export", "scope": "read", "life": "never", field: ""}
    answer = client.post(reverse("accounts:new-key"), form)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not ApiKey.objects.exists()


def test_one_revokes_ones_own_keys_only(client):
    key, _ = make(person("cy@example.org"))
    client.force_login(bo())
    assert client.post(reverse("accounts:revoke-key", args=[key.pk])).status_code == 404
    client.force_login(User.objects.get(email="cy@example.org"))
    client.post(reverse("accounts:revoke-key", args=[key.pk]))
    key.refresh_from_db()
    assert key.revoked_at is not None
