"""Choosing a password through a link."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from piste.accounts.links import password_link
from piste.accounts.models import User

from .conftest import PASSWORD, Deliver

NEW = "fog lifts at seven"


def choose(client: Client, link: str, password: str = NEW) -> int:
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0] if page.redirect_chain else link
    return client.post(address, {"password": password}).status_code


def can_sign_in(person: User, password: str) -> bool:
    return authenticate(None, email=person.email, password=password) == person


def test_brings_a_link_by_mail(client: Client, anna: User, deliver: Deliver) -> None:
    client.post("/accounts/password/forgotten/", {"email": "ANNA@atelier.example"})
    (letter,) = deliver()
    link = re.search(r"https://crm.example.com(/accounts/password/\S+)", letter.body)
    assert link is not None

    choose(client, link[1])

    assert letter.to == [anna.email]
    assert can_sign_in(anna, NEW)


def test_keeps_the_token_out_of_the_address(client: Client, anna: User) -> None:
    link = password_link(anna)

    shown = client.get(link)

    assert shown.headers["Location"].endswith("/set-password/")


def test_works_once(client: Client, anna: User) -> None:
    link = password_link(anna)
    choose(client, link)

    again = Client().get(link)

    assert "no longer works" in again.content.decode()


@pytest.mark.parametrize("password", ["short", "12345678", "password", "anna@atelier.example", ""])
def test_refuses_a_weak_password(client: Client, anna: User, password: str) -> None:
    choose(client, password_link(anna), password)

    assert can_sign_in(anna, PASSWORD)


@pytest.mark.parametrize("password", ["x" * 63 + "ü", "correct horse battery staple 1!", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ok"])
def test_takes_long_and_unusual_ones(client: Client, anna: User, password: str) -> None:
    choose(client, password_link(anna), password)

    assert can_sign_in(anna, password)


@pytest.mark.parametrize("who", ["MQ", "OTk5", "x", "4pyT", "0" * 40])
def test_opens_nothing_for_a_guess(client: Client, anna: User, who: str) -> None:
    page = client.get(f"/accounts/password/{who}/abc-def/")

    assert page.status_code == 200
    assert "no longer works" in page.content.decode()


def test_says_the_same_for_an_unknown_address(client: Client, anna: User, deliver: Deliver) -> None:
    known = client.post("/accounts/password/forgotten/", {"email": anna.email})
    unknown = client.post("/accounts/password/forgotten/", {"email": "nobody@atelier.example"})

    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert [letter.to for letter in deliver()] == [[anna.email]]


def test_tells_the_owner(client: Client, anna: User, deliver: Deliver) -> None:
    client.force_login(anna)
    anna.refresh_from_db()
    choose(Client(), password_link(anna))

    (letter,) = deliver()

    assert letter.subject == "Your password was reset through a link sent to you"


def test_unlocks_an_account_after_failed_tries(client: Client, anna: User) -> None:
    for _ in range(5):
        client.post("/accounts/login/", {"login": anna.email, "password": "wrong"})
    choose(client, password_link(anna))

    response = client.post("/accounts/login/", {"login": anna.email, "password": NEW})

    assert response.headers["Location"] == "/"


def test_limits_how_many_links_are_sent(client: Client, anna: User, deliver: Deliver) -> None:
    answers = [client.post("/accounts/password/forgotten/", {"email": anna.email}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert int(answers[3].headers["Retry-After"]) > 1700
    assert len(deliver()) == 3


def test_signs_out_whoever_else_sits_there(client: Client, anna: User, ada: User) -> None:
    client.force_login(ada)

    choose(client, password_link(anna))

    assert "_auth_user_id" not in client.session
