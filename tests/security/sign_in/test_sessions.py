"""The promises about sessions and second factors (security.md §2), examined from outside."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as configured
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from piste.accounts.links import password_link, sign_in_link
from piste.accounts.models import User
from piste.accounts.roles import Role
from tests.security.sign_in.entering import PASSWORD, SECRET, enter, is_in

#: Every address that answers without a session. Whoever adds one adds it here, with a reason in the commit.
OPEN = {
    "accounts/login/",
    "accounts/logout/",
    "accounts/password/forgotten/",
    "accounts/password/forgotten/sent/",
    "accounts/password/<str:uidb64>/<str:token>/",
    "accounts/2fa/authenticate/",
    "accounts/2fa/passkeys/login/",
    "welcome/<str:token>/",
    "sign-in/<str:token>/",
    "language/",
}


def test_gives_a_new_session_at_sign_in(client: Client, anna: User) -> None:
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies[configured.SESSION_COOKIE_NAME] = before

    enter(client)

    assert client.session.session_key != before


def test_hides_the_cookie_from_scripts_and_other_sites(client: Client, anna: User) -> None:
    cookie = enter(client).cookies[configured.SESSION_COOKIE_NAME]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_ends_other_sessions_at_a_change_of_password(client: Client, anna: User) -> None:
    other = Client()
    enter(client)
    enter(other)

    client.post("/accounts/password/change/", {"present": PASSWORD, "password": "fog lifts at seven"})

    assert is_in(client)
    assert not is_in(other)


def test_ends_all_sessions_at_a_reset(client: Client, anna: User) -> None:
    enter(client)
    browser = Client()
    anna.refresh_from_db()
    address = browser.get(password_link(anna)).headers["Location"]

    browser.post(address, {"password": "fog lifts at seven"})

    assert not is_in(client)


def test_is_over_after_signing_out(client: Client, anna: User) -> None:
    enter(client)
    key = client.session.session_key

    client.post("/accounts/logout/")

    client.cookies[configured.SESSION_COOKIE_NAME] = key
    assert not is_in(client)


def test_does_not_sign_out_at_a_mere_look(client: Client, anna: User) -> None:
    enter(client)

    client.get("/accounts/logout/")

    assert is_in(client)


# The deactivated


def test_puts_the_deactivated_out_at_once(client: Client, anna: User) -> None:
    enter(client)
    link, once = password_link(anna), sign_in_link(anna)

    User.objects.filter(pk=anna.pk).update(is_active=False)

    assert not is_in(client)
    assert enter(Client()).status_code == 200
    assert Client().post(once).status_code == 404
    assert "no longer works" in Client().get(link).content.decode()


def test_stops_the_deactivated_between_the_two_steps(client: Client, anna: User) -> None:
    RecoveryCodes.activate(anna)
    TOTP.activate(anna, SECRET)
    code = RecoveryCodes.activate(anna).get_unused_codes()[0]
    enter(client)

    User.objects.filter(pk=anna.pk).update(is_active=False)
    client.post("/accounts/2fa/authenticate/", {"code": code})

    assert not is_in(client)


def test_sends_the_deactivated_no_link(client: Client, anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(is_active=False)

    client.post("/accounts/password/forgotten/", {"email": anna.email})
    for job in ProcrastinateJob.objects.all():
        app.tasks[job.task_name].func(**job.args)

    assert mail.outbox == []


def test_lets_the_system_user_in_by_no_way(client: Client, quick: None) -> None:
    robot = User.objects.create_person(
        email="system@piste.example", name="Piste", password=PASSWORD, is_system=True
    )

    assert enter(client, robot.email).status_code == 200
    assert client.post(sign_in_link(robot)).status_code == 404
    assert not is_in(client)


# The second factor


def test_keeps_the_second_factor_at_a_reset(client: Client, anna: User) -> None:
    TOTP.activate(anna, SECRET)
    address = client.get(password_link(anna)).headers["Location"]
    client.post(address, {"password": "fog lifts at seven"})

    response = enter(client, password="fog lifts at seven")

    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)


def test_asks_for_it_after_a_link_of_the_sample_company(client: Client, anna: User) -> None:
    TOTP.activate(anna, SECRET)

    response = client.post(sign_in_link(anna))

    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/2fa/app/on/",
        "/accounts/2fa/codes/new/",
        "/accounts/2fa/passkeys/add/",
        "/accounts/2fa/passkeys/1/rename/",
        "/accounts/2fa/passkeys/1/remove/",
    ],
)
def test_asks_again_before_it_is_changed(client: Client, anna: User, address: str) -> None:
    enter(client)

    for answer in (client.get(address), client.post(address)):
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=")


def test_asks_again_before_it_is_switched_off(client: Client, anna: User) -> None:
    TOTP.activate(anna, SECRET)
    client.force_login(anna)

    response = client.post("/accounts/2fa/app/off/")

    assert response.headers["Location"].startswith("/accounts/reauthenticate/?next=")


def test_asks_again_before_the_first_password_of_somebody_with_a_passkey(client: Client, anna: User) -> None:
    TOTP.activate(anna, SECRET)
    anna.set_unusable_password()
    anna.save()
    client.force_login(anna)

    response = client.post("/accounts/password/change/", {"password": "fog lifts at seven"})

    assert response.headers["Location"].startswith("/accounts/2fa/reauthenticate/")


# Passwords


def test_keeps_passwords_by_argon2(db: None) -> None:
    person = User.objects.create_person(email="anna@atelier.example", name="Anna", password=PASSWORD)

    assert person.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("password", ["a", "1234567", "password", "azertyuiop", "anna@atelier.example"])
def test_refuses_weak_ones(client: Client, anna: User, password: str) -> None:
    enter(client)

    client.post("/accounts/password/change/", {"present": PASSWORD, "password": password})

    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)


def test_writes_no_password_into_the_log(
    client: Client, anna: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    enter(client, password="a secret typed wrong")
    enter(client)

    written = [str(record.__dict__) for record in caplog.records]
    assert any("sign-in failed" in line for line in written)
    assert any("signed in" in line for line in written)
    assert not any("a secret typed wrong" in line or PASSWORD in line for line in written)


# What is open at all


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        else:
            yield here, pattern.callback


def test_opens_a_dozen_addresses_to_strangers() -> None:
    found = {
        address
        for address, view in addresses(get_resolver().url_patterns)
        if not getattr(view, "login_required", True) and not address.startswith("api/")
    }

    assert found == OPEN


@pytest.mark.parametrize(
    "address",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "inactive/",
        "password/set/",
        "password/reset/",
        "password/reset/key/1-abc/",
        "login/code/",
        "login/code/confirm/",
        "2fa/trust/",
        "2fa/webauthn/",
        "2fa/webauthn/signup/",
        "2fa/totp/activate/",
        "2fa/recovery-codes/",
    ],
)
def test_shows_no_other_page_of_the_library(client: Client, anna: User, address: str) -> None:
    client.force_login(anna)

    assert client.get(f"/accounts/{address}").status_code == 404


def test_has_no_default_account(db: None) -> None:
    assert not User.objects.working().exists()


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/logout/",
        "/accounts/password/forgotten/",
        "/accounts/2fa/passkeys/login/",
        "/welcome/abc/",
        "/sign-in/abc/",
        "/language/",
    ],
)
def test_takes_nothing_from_another_site(address: str, db: None) -> None:
    assert Client(enforce_csrf_checks=True).post(address, {"language": "fr"}).status_code == 403


@pytest.mark.parametrize("role", Role.values)
def test_gives_nobody_rights_by_being_asked(client: Client, anna: User, role: str) -> None:
    enter(client)

    client.post("/profile/", {"name": "Anna", "role": role, "language": "en", "time_zone": "UTC"})

    anna.refresh_from_db()
    assert anna.role == Role.SALESPERSON_OWN
