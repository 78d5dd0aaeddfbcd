"""Colleagues: invited, changed, deactivated."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from piste.accounts.models import Company, Membership, Team, User
from piste.accounts.roles import Role

from .conftest import Deliver

SignIn = Callable[[User], Client]


@pytest.fixture
def team(company: Company) -> Team:
    return Team.objects.create(name="Bretagne")


def asked(**changes: object) -> dict[str, object]:
    return {
        "name": "Paul Morvan",
        "email": "Paul@atelier.example",
        "role": "salesperson-own",
        "language": "fr",
    } | changes


def test_are_invited_by_mail(signed_in: SignIn, ada: User, team: Team, deliver: Deliver) -> None:
    signed_in(ada).post("/users/new/", asked(teams=[team.pk]))

    paul = User.objects.get(email="paul@atelier.example")
    (letter,) = deliver()
    assert letter.to == [paul.email]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert list(paul.teams.all()) == [team]
    assert not paul.has_usable_password()


def test_choose_their_password_through_the_mail(signed_in: SignIn, ada: User, deliver: Deliver) -> None:
    signed_in(ada).post("/users/new/", asked())
    (letter,) = deliver()
    link = re.search(r"https://crm.example.com(/accounts/password/\S+)", letter.body)
    assert link is not None
    browser = Client()
    address = browser.get(link[1]).headers["Location"]

    browser.post(address, {"password": "my very own password"})

    assert User.objects.get(email="paul@atelier.example").check_password("my very own password")


def test_show_the_administrator_the_link(signed_in: SignIn, ada: User) -> None:
    browser = signed_in(ada)
    browser.post("/users/new/", asked())
    paul = User.objects.get(email="paul@atelier.example")

    page = browser.get(f"/users/{paul.pk}/?tab=door").content.decode()

    assert "https://crm.example.com/accounts/password/" in page


@pytest.mark.parametrize("who", ["anna", "max_"])
def test_show_it_to_nobody_else(
    signed_in: SignIn, ada: User, who: str, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(who))

    page = browser.get(f"/users/{ada.pk}/?tab=door").content.decode()

    assert "/accounts/password/" not in page


@pytest.mark.parametrize("who", ["anna", "max_"])
def test_are_made_by_nobody_else(signed_in: SignIn, who: str, request: pytest.FixtureRequest) -> None:
    browser = signed_in(request.getfixturevalue(who))
    someone = request.getfixturevalue("ada")

    answers = [
        browser.post("/users/new/", asked()),
        browser.post(f"/users/{someone.pk}/edit/", asked()),
        browser.post(f"/users/{someone.pk}/do/deactivate/"),
        browser.post(f"/users/{someone.pk}/cell/role/", {"role": "salesperson-own"}),
    ]

    assert {answer.status_code for answer in answers} <= {403, 404}
    someone.refresh_from_db()
    assert someone.is_active and someone.role == Role.ADMINISTRATOR
    assert not User.objects.filter(name="Paul Morvan").exists()


@pytest.mark.parametrize("email", ["anna@atelier.example", "ANNA@Atelier.Example"])
def test_have_an_address_of_their_own(signed_in: SignIn, ada: User, anna: User, email: str) -> None:
    response = signed_in(ada).post("/users/new/", asked(email=email))

    assert response.status_code == 422
    assert not User.objects.filter(name="Paul Morvan").exists()


def test_sign_in_with_a_new_address_only(signed_in: SignIn, ada: User, anna: User) -> None:
    from django.contrib.auth import authenticate

    from .conftest import PASSWORD

    signed_in(ada).post(f"/users/{anna.pk}/edit/", asked(name=anna.name, email="a.kerbrat@atelier.example"))

    assert authenticate(None, email="anna@atelier.example", password=PASSWORD) is None
    assert authenticate(None, email="a.kerbrat@atelier.example", password=PASSWORD) == anna


def test_are_deactivated_and_taken_back(signed_in: SignIn, ada: User, anna: User) -> None:
    browser = signed_in(ada)

    browser.post(f"/users/{anna.pk}/do/deactivate/")
    anna.refresh_from_db()
    assert not anna.is_active

    browser.post(f"/users/{anna.pk}/do/reactivate/")
    anna.refresh_from_db()
    assert anna.is_active


def test_do_not_deactivate_themselves(signed_in: SignIn, ada: User) -> None:
    signed_in(ada).post(f"/users/{ada.pk}/do/deactivate/")

    ada.refresh_from_db()
    assert ada.is_active


def test_keep_one_administrator(signed_in: SignIn, ada: User) -> None:
    response = signed_in(ada).post(
        f"/users/{ada.pk}/edit/", asked(name=ada.name, email=ada.email, role="manager")
    )

    ada.refresh_from_db()
    assert response.status_code == 422
    assert "last administrator" in response.content.decode()
    assert ada.role == Role.ADMINISTRATOR


def test_may_step_down_when_another_is_there(signed_in: SignIn, ada: User, anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(role=Role.ADMINISTRATOR)

    signed_in(ada).post(f"/users/{ada.pk}/edit/", asked(name=ada.name, email=ada.email, role="manager"))

    ada.refresh_from_db()
    assert ada.role == Role.MANAGER


def test_keep_their_teams_when_only_the_name_changes(
    signed_in: SignIn, ada: User, anna: User, team: Team
) -> None:
    Membership.objects.create(user=anna, team=team)

    signed_in(ada).post(f"/users/{anna.pk}/cell/name/", {"name": "Anna Riou"})

    anna.refresh_from_db()
    assert anna.name == "Anna Riou"
    assert list(anna.teams.all()) == [team]


def test_are_invited_again_until_they_have_a_password(signed_in: SignIn, ada: User, deliver: Deliver) -> None:
    browser = signed_in(ada)
    browser.post("/users/new/", asked())
    paul = User.objects.get(email="paul@atelier.example")

    browser.post(f"/users/{paul.pk}/do/invite/")

    assert [letter.to for letter in deliver()] == [[paul.email]] * 2
