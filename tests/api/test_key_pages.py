"""Everybody keeps the keys of their programs in their profile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from piste.accounts.models import Company, User
from piste.api.keys import create_key
from piste.api.models import ApiKey
from piste.core.models import Operation

NEW = {"name": "Zapier", "scope": "write", "days": "30"}
PASSWORD = "drizzle over the harbour"


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    Company.objects.create(pk=Company.ONLY, name="Atelier Breizh")


@pytest.fixture
def browser(client: Client, anna: User) -> Client:
    client.force_login(anna)
    return client


def test_lists_ones_own(browser: Client, anna: User, ben: User) -> None:
    create_key(user=anna, scope="read", name="Zapier")
    create_key(user=ben, scope="read", name="Ben's")

    page = browser.get("/profile/keys/").content.decode()

    assert "Zapier" in page
    assert "Ben&#39;s" not in page


def test_marks_expired_ones_and_hides_withdrawn_ones(browser: Client, anna: User) -> None:
    create_key(user=anna, scope="read", name="Old")
    create_key(user=anna, scope="read", name="Gone")
    now = timezone.now()
    ApiKey.objects.filter(name="Old").update(expires_at=now - timedelta(days=1))
    ApiKey.objects.filter(name="Gone").update(revoked_at=now)

    page = browser.get("/profile/keys/").content.decode()

    assert "expired" in page
    assert "Gone" not in page


def test_shows_a_new_key_once(browser: Client, anna: User) -> None:
    page = browser.post("/profile/keys/new/", NEW)

    found = re.search(r'value="(piste_[\w-]{43})"', page.content.decode())
    assert found is not None
    assert page.headers["Cache-Control"] == "no-store"
    key = ApiKey.objects.get()
    assert (key.owner, key.name, key.scope, key.prefix) == (anna, "Zapier", "write", found[1][:12])
    assert key.expires_at.date() == (timezone.now() + timedelta(days=30)).date()
    assert found[1] not in browser.get("/profile/keys/").content.decode()


def test_a_new_key_works(browser: Client) -> None:
    page = browser.post("/profile/keys/new/", NEW).content.decode()
    secret = page.partition('value="piste_')[2].partition('"')[0]

    answer = Client().get("/api/v1/opportunities", headers={"Authorization": f"Bearer piste_{secret}"})

    assert answer.status_code == 200


def test_is_told_in_the_history(browser: Client, anna: User) -> None:
    browser.post("/profile/keys/new/", NEW)
    browser.post(f"/profile/keys/{ApiKey.objects.get().pk}/revoke/")

    commands = list(Operation.objects.filter(by=anna).order_by("at").values_list("command", flat=True))
    assert commands == ["apikey.create", "apikey.revoke"]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scope": "admin"}, {"days": "9999"}, {"name": "x" * 81}])
def test_asks_again_for_what_does_not_hold(wrong: dict[str, str], browser: Client) -> None:
    page = browser.post("/profile/keys/new/", NEW | wrong)

    assert page.status_code == 422
    assert 'class="errors"' in page.content.decode()
    assert not ApiKey.objects.exists()


def test_asks_for_the_password_first(browser: Client, anna: User) -> None:
    anna.set_password(PASSWORD)
    anna.save()
    browser.force_login(anna)

    assert browser.post("/profile/keys/new/", NEW).headers["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiKey.objects.exists()

    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert browser.post("/profile/keys/new/", NEW).status_code == 200


def test_withdraws(browser: Client, anna: User) -> None:
    create_key(user=anna, scope="read", name="Zapier")
    key = ApiKey.objects.get()

    answer = browser.post(f"/profile/keys/{key.pk}/revoke/")

    key.refresh_from_db()
    assert key.revoked_at is not None
    assert answer.headers["Location"] == "/profile/keys/"
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told == ["“Zapier” opens nothing any more."]


def test_withdraws_only_ones_own_and_only_by_post(browser: Client, ben: User) -> None:
    create_key(user=ben, scope="read", name="Ben's")
    key = ApiKey.objects.get()

    assert browser.post(f"/profile/keys/{key.pk}/revoke/").status_code == 404
    assert browser.get(f"/profile/keys/{key.pk}/revoke/").status_code == 405
    key.refresh_from_db()
    assert key.revoked_at is None


@pytest.mark.parametrize("path", ["/profile/keys/", "/profile/keys/new/", "/api/v1/docs"])
def test_strangers_sign_in_first(path: str, client: Client) -> None:
    assert client.get(path).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", ["/profile/keys/", "/profile/keys/new/", "/api/v1/docs"])
def test_speaks_french(path: str, browser: Client, anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(language="fr")

    page = browser.get(path)

    assert page.status_code == 200
    assert page.headers["Content-Language"] == "fr"


def test_the_page_of_the_api_loads_nothing_from_elsewhere(browser: Client) -> None:
    page = browser.get("/api/v1/docs").content.decode()

    assert "default-src 'none'" in browser.get("/api/v1/docs").headers["Content-Security-Policy"]
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert address.startswith(("/", "#")), address
    assert "<style" not in page
    assert ' style="' not in page
    assert "/api/v1/opportunities/{id}/lose" in page
    assert "idempotency-key-reused" in page
