"""The settings of the company: each saved by itself, told, undone, and shown to those who may not change it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from piste.accounts.models import Company, User
from piste.core.models import Operation
from piste.core.undo import undo
from tests.conftest import NOON

SignIn = Callable[[User], Client]
PART = {"HX-Request": "true"}

EACH = [
    ("name", "Atelier Breizh SARL"),
    ("language", "en"),
    ("country", "BE"),
    ("currency", "GBP"),
    ("time_zone", "Europe/Brussels"),
    ("phone_form", "international"),
]


def address(field: str) -> str:
    return f"/settings/company-{field.replace('_', '-')}/"


@pytest.mark.parametrize(("field", "value"), EACH)
def test_are_saved_one_by_one(signed_in: SignIn, ada: User, field: str, value: str) -> None:
    before = {name: getattr(Company.get(), name) for name, _value in EACH}

    response = signed_in(ada).post(address(field), {field: value}, headers=PART)

    assert response.status_code == 200
    after = {name: getattr(Company.get(), name) for name, _value in EACH}
    assert after == before | {field: value}
    assert response.headers["X-Undo"] == str(Operation.objects.get(command="settings.change").pk)


def test_are_undone(signed_in: SignIn, ada: User) -> None:
    browser = signed_in(ada)
    done = browser.post(address("name"), {"name": "Other"}, headers=PART).headers["X-Undo"]

    answer = browser.post(f"/operations/{done}/undo/", headers=PART)

    assert answer.status_code == 204
    assert Company.get().name == "Atelier Breizh"


def test_are_not_undone_by_a_manager(signed_in: SignIn, ada: User, max_: User) -> None:
    done = signed_in(ada).post(address("name"), {"name": "Other"}, headers=PART).headers["X-Undo"]

    answer = signed_in(max_).post(f"/operations/{done}/undo/", headers=PART)

    assert answer.status_code == 404
    assert Company.get().name == "Other"


@pytest.mark.parametrize("who", ["anna", "max_"])
def test_are_greyed_with_somebody_to_ask(
    signed_in: SignIn, ada: User, who: str, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(who))

    page = browser.get("/settings/").content.decode()
    answer = browser.post(address("currency"), {"currency": "GBP"}, headers=PART)

    assert 'name="currency"' not in page
    assert "Euro (EUR)" in page
    assert "Ask Ada Riou" in page
    assert answer.status_code == 403
    assert Company.get().currency == "EUR"


@pytest.mark.parametrize(
    ("field", "value"), [("currency", "ABC"), ("country", "XX"), ("time_zone", ""), ("name", "")]
)
def test_say_what_is_wrong(signed_in: SignIn, ada: User, field: str, value: str) -> None:
    response = signed_in(ada).post(address(field), {field: value}, headers=PART)

    assert response.status_code == 422
    assert b"circle-alert" in response.content
    assert Company.get().name == "Atelier Breizh"


def test_tell_who_changed_them(signed_in: SignIn, ada: User, anna: User) -> None:
    browser = signed_in(ada)
    browser.post(address("name"), {"name": "Armor"}, headers=PART)
    browser.post(address("country"), {"country": "BE"}, headers=PART)

    told = signed_in(anna).get(f"{address('name')}history/", headers=PART).content.decode()

    assert "Ada Riou" in told and "Atelier Breizh" in told and "Armor" in told
    assert "BE" not in told
    assert "Undo" not in told


def test_are_found_by_what_they_are_called(signed_in: SignIn, ada: User) -> None:
    page = signed_in(ada).get("/settings/", {"q": "TÉLEPHONE numbers"}).content.decode()
    other = signed_in(ada).get("/settings/", {"q": "phone numbers"}).content.decode()

    assert "No setting is called that" in page and "?q=Company" in page
    assert 'id="company-phone-form"' in other and 'id="company-currency"' not in other


def test_that_change_together_both_stay(signed_in: SignIn, ada: User) -> None:
    browser = signed_in(ada)
    first = browser.post(address("name"), {"name": "Armor"}, headers=PART).headers["X-Undo"]
    browser.post(address("country"), {"country": "BE"}, headers=PART)

    undo(Operation.objects.get(pk=first), by=ada, at=NOON)

    assert (Company.get().name, Company.get().country) == ("Atelier Breizh", "BE")


def test_save_without_scripts(signed_in: SignIn, ada: User) -> None:
    response = signed_in(ada).post(address("name"), {"name": "Armor"})

    assert (response.status_code, response["Location"]) == (303, "/settings/#company-name")
    assert Company.get().name == "Armor"


def test_know_no_other(signed_in: SignIn, ada: User) -> None:
    browser = signed_in(ada)

    assert browser.get("/settings/company-sample/").status_code == 404
    assert browser.post("/settings/nothing/", {"x": "1"}).status_code == 404
    assert browser.get("/settings/nothing/history/").status_code == 404


def test_lead_to_the_lists(signed_in: SignIn, max_: User) -> None:
    page = signed_in(max_).get("/settings/").content.decode()

    for place in ("users", "teams", "stages", "tags", "lost-reasons", "recurring-plans", "sources"):
        assert f'href="/{place}/"' in page
