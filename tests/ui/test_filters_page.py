"""Filtering where no script runs: a page of links and small forms."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from piste.accounts.models import User
from tests import factories
from tests.conftest import Stages


@pytest.fixture
def reader(stages: Stages, lena: User) -> Client:
    factories.deal("Toiture", owner=lena, expected_revenue=Decimal(900))
    factories.deal("Serre", owner=lena, expected_revenue=Decimal(12000))
    client = Client()
    client.force_login(lena)
    return client


def test_offers_filters_groupings_and_conditions(reader: Client) -> None:
    page = reader.get("/opportunities/filters/?view=list&q=e").content.decode()

    assert "<!doctype html>" in page.lower()
    assert 'name="operator"' in page
    assert '<input type="hidden" name="view" value="list">' in page
    assert "g=owner" in page


def test_leads_from_a_condition_to_the_rows_that_pass(reader: Client) -> None:
    asked = {"view": "list", "f": "", "field": "expected_revenue", "operator": "gte", "value": " 1000 "}
    answer = reader.get("/opportunities/filters/", asked, follow=True)

    address, _status = answer.redirect_chain[-1]
    assert address.startswith("/opportunities/?view=list")
    page = answer.content.decode()
    assert "Serre" in page
    assert "Toiture" not in page


def test_keeps_the_conditions_there_were(reader: Client) -> None:
    asked = {"f": "", "w": "name~contains~Ser", "field": "expected_revenue", "operator": "lte", "value": "1"}
    answer = reader.get("/opportunities/filters/", asked)

    assert answer.headers["Location"].count("w=") == 2


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [("expected_revenue", "gte", "plenty"), ("password", "is", "x"), ("name", "loves", "x")],
)
def test_refuses_a_condition_that_cannot_be(reader: Client, field: str, operator: str, value: str) -> None:
    asked = {"field": field, "operator": operator, "value": value}

    assert reader.get("/opportunities/filters/", asked).status_code == 400
