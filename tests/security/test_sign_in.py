"""The promises about sign-in and sessions (security.md §2), examined from outside."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from piste.accounts.backend import EmailBackend
from piste.accounts.links import password_link, sign_in_link
from piste.accounts.models import Company, User
from piste.accounts.roles import Role

PASSWORD = "drizzle over the harbour"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

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
EVIL = [
    "https://evil.example/",
    "//evil.example/",
    r"/\evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "https://testserver@evil.example/",
    "https://testserver/",
    "\t//evil.example",
]


@pytest.fixture(autouse=True)
def _fresh(db: None, settings: Any) -> None:
    settings.BASE_URL = "https://crm.example.com"
    cache.clear()


@pytest.fixture
def quick(settings: Any) -> None:
    """Hashes that cost nothing, where their cost is not the point."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def anna(quick: None) -> User:
    Company.objects.create(pk=Company.ONLY, name="Atelier Breizh")
    return User.objects.create_person(
        email="anna@atelier.example", name="Anna", password=PASSWORD, language="en"
    )


def enter(
    client: Client, email: str = "anna@atelier.example", password: str = PASSWORD, **extra: Any
) -> HttpResponse:
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def without_tokens(response: HttpResponse, email: str) -> str:
    page = response.content.decode().replace(email, "EMAIL")
    return re.sub(r'(csrfmiddlewaretoken" value|data-csrf|next" value)="[^"]*"', r"\1", page)


# The same answer, and as slow


@pytest.mark.parametrize("case", ["wrong", "unknown", "deactivated", "invited"])
def test_answers_the_same_whatever_is_wrong(client: Client, anna: User, case: str) -> None:
    User.objects.create_person(email="gone@atelier.example", name="G", password=PASSWORD, is_active=False)
    User.objects.create_person(email="invited@atelier.example", name="I")
    emails = {"wrong": anna.email, "unknown": "nobody@atelier.example", "deactivated": "gone@atelier.example"}
    email = emails.get(case, "invited@atelier.example")

    first = enter(Client(), "somebody@atelier.example", "wrong password")
    response = enter(client, email, PASSWORD if case == "deactivated" else "wrong password")

    assert without_tokens(response, email) == without_tokens(first, "somebody@atelier.example")
    assert not is_in(client)


def test_takes_as_long_for_the_unknown_as_for_a_wrong_password(db: None) -> None:
    anna = User.objects.create_person(email="anna@atelier.example", name="Anna", password=PASSWORD)
    User.objects.create_person(email="invited@atelier.example", name="Invited")

    def duration(email: str) -> float:
        times = []
        for _ in range(2):
            # Not by the clock on the wall: other programs run on this machine too.
            start = time.process_time()
            assert EmailBackend().authenticate(None, email=email, password="wrong password") is None
            times.append(time.process_time() - start)
        return min(times)

    wrong = duration(anna.email)
    assert duration("nobody@atelier.example") == pytest.approx(wrong, rel=0.5)
    assert duration("invited@atelier.example") == pytest.approx(wrong, rel=0.5)


def test_answers_the_same_to_a_forgotten_password(client: Client, anna: User) -> None:
    answers = [
        client.post("/accounts/password/forgotten/", {"email": email})
        for email in (anna.email, "nobody@atelier.example")
    ]

    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (302, "/accounts/password/forgotten/sent/")
    ] * 2
    assert mail.outbox == []
    assert ProcrastinateJob.objects.count() == 2


# Limits


def test_locks_an_account_after_five_failures(client: Client, anna: User) -> None:
    for _ in range(5):
        assert enter(client, password="wrong").status_code == 200

    response = enter(client)

    assert response.status_code == 429
    assert 1700 < int(response.headers["Retry-After"]) <= 1800
    assert "30 minutes" in response.content.decode()
    assert not is_in(client)


def test_opens_it_after_half_an_hour(client: Client, anna: User) -> None:
    for _ in range(5):
        enter(client, password="wrong")

    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=True):
        response = enter(client)

    assert response.status_code == 302


def test_locks_no_other_account(client: Client, anna: User) -> None:
    for _ in range(5):
        enter(client, "paul@atelier.example", "wrong")

    assert enter(client).status_code == 302


@pytest.mark.parametrize(
    "attempt",
    [
        lambda n: {"headers": {"Host": f"host{n}.example"}},
        lambda n: {"headers": {"X-Forwarded-For": f"192.0.2.{n}"}},
        lambda n: {"REMOTE_ADDR": f"192.0.2.{n}"},
    ],
    ids=["another host", "another forwarded address", "another address"],
)
def test_counts_on_whatever_the_request_pretends(client: Client, anna: User, attempt: Any) -> None:
    for n in range(1, 6):
        enter(Client(), password="wrong", **attempt(n))

    assert enter(client, **attempt(9)).status_code == 429


@pytest.mark.parametrize("email", ["ANNA@atelier.example", " anna@atelier.example ", "Anna@Atelier.Example"])
def test_counts_on_however_the_address_is_written(client: Client, anna: User, email: str) -> None:
    for _ in range(5):
        enter(client, email, "wrong")

    assert enter(client).status_code == 429


def test_does_not_count_successes(client: Client, anna: User) -> None:
    for _ in range(7):
        assert enter(Client()).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_counts_for_all_processes_together(anna: User) -> None:
    def fail() -> None:
        enter(Client(), password="wrong")
        connection.close()

    # Nothing but the database is shared with the connection of another thread.
    for _ in range(5):
        other = threading.Thread(target=fail)
        other.start()
        other.join()

    assert configured.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    assert enter(Client()).status_code == 429


def test_limits_codes_as_well(client: Client, anna: User) -> None:
    TOTP.activate(anna, SECRET)
    enter(client)
    answers = [client.post("/accounts/2fa/authenticate/", {"code": "000000"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[5].headers["Retry-After"]) > 1700


@pytest.mark.parametrize("form", ["/accounts/reauthenticate/", "/accounts/password/change/"])
def test_limits_the_password_of_somebody_signed_in(client: Client, anna: User, form: str) -> None:
    client.force_login(anna)
    wrong = {"password": "wrong", "present": "wrong"} | (
        {} if "re" in form else {"password": "a fine new password"}
    )

    answers = [client.post(form, wrong) for _ in range(6)]

    assert answers[5].status_code == 429


# Where it leads


@pytest.mark.parametrize("to", EVIL)
def test_stays_on_this_site(client: Client, anna: User, to: str) -> None:
    answers = [
        client.post("/accounts/login/", {"login": anna.email, "password": PASSWORD, "next": to}),
        client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": to}),
        client.post("/language/", {"language": "fr", "next": to}),
        client.post("/accounts/logout/", {"next": to}),
    ]

    for answer in answers:
        assert answer.headers["Location"] in {"/", "/accounts/login/"}


def test_leads_to_the_page_asked_for(client: Client, anna: User) -> None:
    door = client.get("/customers/?q=lorient").headers["Location"]

    response = client.post(door, {"login": anna.email, "password": PASSWORD})

    assert response.headers["Location"] == "/customers/?q=lorient"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000"])
def test_writes_its_own_address_into_mails(client: Client, anna: User, host: str) -> None:
    client.post("/accounts/password/forgotten/", {"email": anna.email}, headers={"Host": host})
    for job in ProcrastinateJob.objects.all():
        app.tasks[job.task_name].func(**job.args)

    assert "https://crm.example.com/accounts/password/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


# Sessions


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
