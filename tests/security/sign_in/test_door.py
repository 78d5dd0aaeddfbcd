"""The promises about sign-in (security.md §2), examined from outside: answers, limits, addresses."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as configured
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from piste.accounts.backend import EmailBackend
from piste.accounts.models import User
from tests.security.sign_in.entering import PASSWORD, SECRET, enter, is_in, without_tokens

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
