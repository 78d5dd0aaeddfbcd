"""The settings of the company."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from piste.accounts.models import Company, User
from piste.core.models import Operation

SignIn = Callable[[User], Client]
ASKED = {
    "name": "Atelier Breizh SARL",
    "language": "en",
    "country": "BE",
    "currency": "GBP",
    "time_zone": "Europe/Brussels",
    "phone_form": "international",
}


def test_are_an_administrators(signed_in: SignIn, ada: User) -> None:
    response = signed_in(ada).post("/settings/", ASKED)

    company = Company.get()
    assert response.status_code == 303
    assert (company.name, company.currency, company.country) == ("Atelier Breizh SARL", "GBP", "BE")
    assert response.headers["X-Undo"] == str(Operation.objects.get(command="company.change").pk)


@pytest.mark.parametrize("who", ["anna", "max_"])
def test_are_nobody_elses(signed_in: SignIn, who: str, request: pytest.FixtureRequest) -> None:
    browser = signed_in(request.getfixturevalue(who))

    page = browser.get("/settings/").content.decode()
    answer = browser.post("/settings/", ASKED)

    assert 'name="currency"' not in page
    assert answer.status_code == 403
    assert Company.get().name == "Atelier Breizh"


@pytest.mark.parametrize(
    ("field", "value"), [("currency", "ABC"), ("country", "XX"), ("time_zone", ""), ("name", "")]
)
def test_say_what_is_wrong(signed_in: SignIn, ada: User, field: str, value: str) -> None:
    response = signed_in(ada).post("/settings/", ASKED | {field: value})

    assert response.status_code == 422
    assert Company.get().name == "Atelier Breizh"


def test_lead_to_the_lists(signed_in: SignIn, max_: User) -> None:
    page = signed_in(max_).get("/settings/").content.decode()

    for address in (
        "/users/",
        "/teams/",
        "/stages/",
        "/tags/",
        "/lost-reasons/",
        "/recurring-plans/",
        "/sources/",
    ):
        assert f'href="{address}"' in page
