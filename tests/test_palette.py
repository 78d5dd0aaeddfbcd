"""The command palette: what each prefix asks for, and that it shows nobody more than the pages do."""

from __future__ import annotations

import re

import pytest

from piste.accounts.models import User
from piste.ui.testing import Visitor
from tests import factories
from tests.conftest import Stages

TITLE = re.compile(r'<div role="group" aria-label="([^"]*)">')
OPTION = re.compile(r'data-url="([^"]*)"[^>]*>.*?<span class="palette-what"><span>([^<]*)</span>', re.DOTALL)


def sections(visitor: Visitor, typed: str, on: str = "") -> list[str]:
    return TITLE.findall(visitor.get("/palette/", q=typed, on=on).text)


def options(visitor: Visitor, typed: str) -> dict[str, str]:
    """Each name found with its address."""
    return {name: url for url, name in OPTION.findall(visitor.get("/palette/", q=typed).text)}


@pytest.fixture
def visitor(stages: Stages, anna: User) -> Visitor:
    return Visitor(anna)


def test_finds_everything_without_a_prefix(visitor: Visitor, anna: User) -> None:
    factories.deal("Pipeline de gaz", owner=anna)

    assert sections(visitor, "pipeline") == ["Go to", "Opportunities"]
    assert sections(visitor, "") == ["Go to", "Create"]


def test_finds_commands_alone(visitor: Visitor, anna: User) -> None:
    deal = factories.deal("Pipeline de gaz", owner=anna)

    assert sections(visitor, ">pipeline") == ["Go to"]
    assert sections(visitor, ">", on=f"/opportunities/{deal.pk}/")[1:] == ["Go to", "Create"]
    assert list(options(visitor, "> new: opp")) == ["New: opportunity"]


def test_finds_people_alone(visitor: Visitor, anna: User, ben: User) -> None:
    company = factories.company("Anna & Fils")
    factories.person("Anna Le Goff", parent=company)
    factories.deal("Anna rappelle", owner=anna)

    assert sections(visitor, "@anna") == ["People", "Customers"]
    assert set(options(visitor, "@ANNA")) == {"Anna Kerbrat", "Anna Le Goff"}
    assert {anna.name, ben.name, "Anna Le Goff"} <= set(options(visitor, "@"))


def test_finds_nobody_who_has_left(visitor: Visitor, ben: User) -> None:
    ben.is_active = False
    ben.save()

    assert ben.name not in options(visitor, "@")


def test_finds_tags_and_leads_to_what_bears_them(visitor: Visitor, anna: User) -> None:
    tag = factories.tag("Toiture")
    bears = factories.deal("Mairie", owner=anna)
    bears.tags.add(tag)
    factories.deal("École", owner=anna)

    found = visitor.get("/palette/", q="#toit").text
    page = visitor.get(f"/opportunities/?f=&w=tags~is~{tag.pk}").text

    assert "Toiture" in found and f"/opportunities/?f=&amp;w=tags~is~{tag.pk}" in found.replace("%7E", "~")
    assert "/customers/?" in found
    assert "Mairie" in page and "École" not in page


def test_offers_no_tag_that_is_out_of_use(visitor: Visitor) -> None:
    factories.tag("Ancienne", archived=True)

    assert options(visitor, "#") == {}


def test_helps(visitor: Visitor) -> None:
    assert sections(visitor, "?") == ["Help"]
    assert list(options(visitor, "? api")) == ["How the API works"]


def test_takes_a_sign_further_on_for_what_it_is(visitor: Visitor, anna: User) -> None:
    factories.deal("Devis", owner=anna, email="anna@example.com")

    assert sections(visitor, "anna@example.com") == ["Opportunities"]


@pytest.mark.parametrize("typed", [">", "@", "#", "?", "@@", "#'", "? \\", ">%", "@" * 500])
def test_takes_anything_typed(visitor: Visitor, typed: str) -> None:
    assert visitor.get("/palette/", q=typed).status == 200


@pytest.mark.parametrize("typed", ["@zebra", "#zebra", ">zebra", "?zebra", "zebra"])
def test_finds_nothing_out_of_reach(visitor: Visitor, cora: User, typed: str) -> None:
    factories.deal("Zebra", owner=cora)

    assert "Zebra" not in options(visitor, typed)
