"""Codes of an app, passkeys and recovery codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.http import HttpResponse
from django.test import Client

from piste.accounts.models import User

from .conftest import PASSWORD, Deliver
from .device import Device

SignIn = Callable[[User], Client]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def enter(client: Client, person: User) -> HttpResponse:
    return client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})


def options_in(page: Any) -> dict[str, Any]:
    found = re.search(r'<script type="application/json">(\{.*?\})</script>', page.content.decode())
    assert found is not None
    options: dict[str, Any] = json.loads(found[1])
    return options


def add_passkey(browser: Client, device: Device, name: str = "Phone") -> HttpResponse:
    options = options_in(browser.get("/accounts/2fa/passkeys/add/"))
    asked = {"name": name, "passwordless": "on", "credential": device.create(options)}
    return browser.post("/accounts/2fa/passkeys/add/", asked)


def options_at_the_door(browser: Client) -> dict[str, Any]:
    answer = browser.get("/accounts/2fa/passkeys/login/", headers={"Accept": "application/json"})
    options: dict[str, Any] = answer.json()["request_options"]
    return options


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


@pytest.fixture
def guarded(anna: User) -> User:
    """Somebody who is asked for codes."""
    TOTP.activate(anna, SECRET)
    RecoveryCodes.activate(anna)
    return anna


def test_app_is_switched_on_by_a_code(
    confirmed: SignIn, anna: User, deliver: Deliver, django_capture_on_commit_callbacks: Any
) -> None:
    browser = confirmed(anna)
    page = browser.get("/accounts/2fa/app/on/").content.decode()
    secret = re.search(r'id="key" value="(\w+)"', page)
    assert secret is not None

    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post("/accounts/2fa/app/on/", {"code": code_of(secret[1])})

    assert response.headers["Location"] == "/accounts/2fa/codes/"
    assert Authenticator.objects.filter(user=anna, type="totp").exists()
    assert [letter.subject for letter in deliver()] == ["Sign-in codes from an app were switched on"]


def test_app_is_not_switched_on_by_a_wrong_code(confirmed: SignIn, anna: User) -> None:
    browser = confirmed(anna)
    browser.get("/accounts/2fa/app/on/")

    browser.post("/accounts/2fa/app/on/", {"code": "000000"})

    assert not Authenticator.objects.exists()


def test_app_is_switched_off(confirmed: SignIn, guarded: User) -> None:
    browser = confirmed(guarded)

    browser.get("/accounts/2fa/app/off/")
    assert Authenticator.objects.filter(type="totp").exists()
    browser.post("/accounts/2fa/app/off/")

    assert not Authenticator.objects.exists()


def test_password_alone_does_not_let_in(client: Client, guarded: User) -> None:
    response = enter(client, guarded)

    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    assert client.get("/opportunities/").status_code == 302


def test_code_of_the_app_lets_in(client: Client, guarded: User) -> None:
    enter(client, guarded)

    client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})

    assert is_in(client)


def test_code_works_once(client: Client, guarded: User) -> None:
    code = code_of(SECRET)
    enter(client, guarded)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    other = Client()
    enter(other, guarded)

    other.post("/accounts/2fa/authenticate/", {"code": code})

    assert not is_in(other)


def test_recovery_code_lets_in_once(client: Client, guarded: User) -> None:
    codes = Authenticator.objects.get(user=guarded, type="recovery_codes").wrap().get_unused_codes()
    for browser in (client, Client()):
        enter(browser, guarded)
        browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert is_in(client)
    assert not is_in(browser)


def test_second_step_leads_to_the_page_asked_for(client: Client, guarded: User) -> None:
    client.post("/accounts/login/?next=/customers/", {"login": guarded.email, "password": PASSWORD})

    response = client.post("/accounts/2fa/authenticate/", {"code": code_of(SECRET)})

    assert response.headers["Location"] == "/customers/"


def test_recovery_codes_are_shown_and_made_anew(confirmed: SignIn, guarded: User) -> None:
    browser = confirmed(guarded)
    first = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    assert first[0] in browser.get("/accounts/2fa/codes/").content.decode()
    assert first[0] in browser.get("/accounts/2fa/codes/download/").content.decode()
    browser.post("/accounts/2fa/codes/new/")

    assert first[0] not in browser.get("/accounts/2fa/codes/").content.decode()


def test_passkey_is_added(confirmed: SignIn, anna: User, deliver: Deliver) -> None:
    response = add_passkey(confirmed(anna), Device())

    assert response.headers["Location"] == "/accounts/2fa/codes/"
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Phone"
    assert [letter.subject for letter in deliver()] == ["A passkey was added to your account"]


def test_passkey_signs_in_by_itself(client: Client, confirmed: SignIn, anna: User) -> None:
    device = Device()
    add_passkey(confirmed(anna), device)
    browser = Client()

    credential = device.get(options_at_the_door(browser))
    response = browser.post("/accounts/2fa/passkeys/login/?next=/customers/", {"credential": credential})

    assert response.headers["Location"] == "/customers/"
    assert is_in(browser)


def test_passkey_of_somebody_else_does_not(confirmed: SignIn, anna: User) -> None:
    held, stolen = Device(), Device()
    add_passkey(confirmed(anna), held)
    stolen.owner, stolen.credential_id = held.owner, held.credential_id
    browser = Client()

    browser.post("/accounts/2fa/passkeys/login/", {"credential": stolen.get(options_at_the_door(browser))})

    assert not is_in(browser)


def test_passkey_answer_works_once(confirmed: SignIn, anna: User) -> None:
    device = Device()
    add_passkey(confirmed(anna), device)
    browser, other = Client(), Client()
    credential = device.get(options_at_the_door(browser))
    options_at_the_door(other)

    other.post("/accounts/2fa/passkeys/login/", {"credential": credential})

    assert not is_in(other)


def test_passkey_of_the_deactivated_does_not(confirmed: SignIn, anna: User) -> None:
    device = Device()
    add_passkey(confirmed(anna), device)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    browser = Client()

    browser.post("/accounts/2fa/passkeys/login/", {"credential": device.get(options_at_the_door(browser))})

    assert not is_in(browser)


def test_passkey_is_a_second_step_too(confirmed: SignIn, anna: User) -> None:
    device = Device()
    add_passkey(confirmed(anna), device)
    browser = Client()
    enter(browser, anna)

    options = options_in(browser.get("/accounts/2fa/authenticate/"))
    browser.post("/accounts/2fa/authenticate/", {"credential": device.get(options)})

    assert is_in(browser)


def test_passkey_needs_a_finger_or_a_code(confirmed: SignIn, anna: User) -> None:
    add_passkey(confirmed(anna), Device(verifies=False))

    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{}",
        "[]",
        "7",
        "nonsense",
        '{"id": 1}',
        '{"id": "a", "rawId": "b"}',
        '{"response": {"userHandle": 7}}',
        '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}',
        '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": []}',
        '{"id": "YQ", "rawId": "YQ", "response": {"userHandle": "MQ", "clientDataJSON": "YQ"}}',
    ],
)
def test_nonsense_is_no_passkey(client: Client, anna: User, credential: str) -> None:
    options_at_the_door(client)

    response = client.post("/accounts/2fa/passkeys/login/", {"credential": credential})

    assert response.status_code in {200, 302}
    assert not is_in(client)


def test_passkey_is_renamed_and_removed(confirmed: SignIn, anna: User) -> None:
    browser = confirmed(anna)
    add_passkey(browser, Device())
    pk = Authenticator.objects.get(type="webauthn").pk

    browser.post(f"/accounts/2fa/passkeys/{pk}/rename/", {"name": "Work phone"})
    assert "Work phone" in browser.get("/profile/sign-in/").content.decode()

    browser.post(f"/accounts/2fa/passkeys/{pk}/remove/")
    assert not Authenticator.objects.exists()


def test_passkey_of_a_colleague_is_out_of_reach(confirmed: SignIn, anna: User, ada: User) -> None:
    add_passkey(confirmed(anna), Device())
    pk = Authenticator.objects.get(type="webauthn").pk
    browser = confirmed(ada)

    answers = [
        browser.post(f"/accounts/2fa/passkeys/{pk}/{act}/", {"name": "Mine"}) for act in ("rename", "remove")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Phone"
