"""Lists search, filter, sort and page as the pages do."""

from __future__ import annotations

import base64
import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from piste.accounts.models import User
from piste.api.columns import names_of
from piste.api.resources import resources
from piste.pipeline.models import Opportunity
from piste.ui.search import COUNT_LIMIT
from tests import factories
from tests.conftest import Stages

from .conftest import Program, Programs, problem, told


@pytest.fixture
def asking(program: Programs, max_: User, stages: Stages) -> Program:
    return program(max_)


def test_without_filters_shows_all_even_what_the_page_hides(asking: Program) -> None:
    factories.deal("Perdue").lose(by=asking.owner, at=Opportunity.objects.get().created_at)
    factories.deal("Rangée", archived=True)

    assert sorted(asking.names("/opportunities")) == ["Perdue", "Rangée"]
    assert asking.names("/opportunities?f=open") == []


def test_filters_of_one_kind_widen_and_others_narrow(asking: Program, anna: User, stages: Stages) -> None:
    factories.deal("Ouverte", owner=asking.owner)
    factories.deal("Rangée", owner=asking.owner, archived=True)
    factories.deal("D'Anna", owner=anna)

    assert sorted(asking.names("/opportunities?f=open&f=archived")) == ["D'Anna", "Ouverte", "Rangée"]
    assert asking.names("/opportunities?f=open&f=mine") == ["Ouverte"]


def test_searches_without_regard_to_case_and_accents(asking: Program) -> None:
    factories.deal("Éolienne à Quimper")
    factories.deal("Site vitrine")

    assert asking.names("/opportunities?q=EOLIENNE+quimper") == ["Éolienne à Quimper"]


def test_takes_conditions(asking: Program, stages: Stages) -> None:
    web = factories.tag("Web")
    factories.deal("Petite", expected_revenue=100)
    factories.deal("Grande", expected_revenue=5000, stage=stages.qualified).tags.add(
        web, factories.tag("App")
    )

    for condition in ("expected_revenue~gte~1000", f"stage~is~{stages.qualified.pk}", f"tags~is~{web.pk}"):
        assert asking.names(f"/opportunities?{urlencode({'w': condition})}") == ["Grande"]
    assert asking.names("/opportunities?w=name~contains~e&w=expected_revenue~lt~1000") == ["Petite"]


def test_sorts(asking: Program) -> None:
    for name, revenue in (("B", 2), ("A", 3), ("C", 1)):
        factories.deal(name, expected_revenue=revenue)

    assert asking.names("/opportunities?o=name") == ["A", "B", "C"]
    assert asking.names("/opportunities?o=-expected_revenue") == ["A", "B", "C"]
    assert asking.names("/opportunities?o=id") == ["B", "A", "C"]
    assert asking.names("/opportunities?o=-id") == ["C", "A", "B"]


def walk(asking: Program, path: str, limit: int) -> list[int]:
    """The ids of all pages, one after the other."""
    seen: list[int] = []
    cursor = ""
    while True:
        page = told(asking.get(f"{path}&limit={limit}{cursor}"))
        seen += [record["id"] for record in page["results"]]
        if page["next"] is None:
            return seen
        cursor = f"&after={page['next']}"


@pytest.mark.parametrize(
    "order",
    ["", "name", "-expected_revenue", "expected_close", "-expected_close", "contact", "owner,-priority", "-created_at",
     "closed_at", "id", "-probability,name", "stage"],
)  # fmt: skip
def test_pages_show_each_record_once(order: str, asking: Program, anna: User, stages: Stages) -> None:
    company = factories.company()
    for number in range(11):
        factories.deal(
            f"Affaire {number % 4}",
            expected_revenue=number % 3,
            expected_close=f"2026-0{number % 5 + 1}-15" if number % 2 else None,
            contact=company if number % 3 else None,
            owner=anna if number % 4 else None,
            stage=stages.new if number % 2 else stages.qualified,
        )
    whole = [record["id"] for record in told(asking.get(f"/opportunities?o={order}"))["results"]]

    assert walk(asking, f"/opportunities?o={order}", 3) == whole
    assert len(set(whole)) == 11


def test_names_the_next_page_in_a_header(asking: Program) -> None:
    for _each in range(3):
        factories.deal()

    answer = asking.get("/opportunities?limit=2&q=site")

    following = re.fullmatch(r'</api/v1(.+)>; rel="next"', answer.headers["Link"])
    assert following is not None
    assert len(told(asking.get(following[1]))["results"]) == 1


def test_counts_up_to_a_limit(asking: Program) -> None:
    deal = factories.deal()
    assert told(asking.get("/opportunities?limit=1"))["count"] == 1

    moment = deal.created_at
    Opportunity.objects.bulk_create(
        Opportunity(kind="opportunity", name="x", stage=deal.stage, stage_changed_at=moment)
        for _each in range(COUNT_LIMIT)
    )

    found = told(asking.get("/opportunities?limit=1"))
    assert (found["count"], found["more"]) == (None, True)


@pytest.mark.parametrize(
    "query",
    ["stage=3", "g=stage", "view=list", "limit=0", "limit=201", "limit=-1", "limit=x", "limit=1e2", "limit=²",
     "o=password", "o=tags", "o=contact__name", "o=-", "f=nonsense", "f=expected_close:never", "f=owner:week",
     "w=name", "w=kind~is~lead", "w=name~like~x", "w=expected_revenue~gte~much", "w=owner~is~me",
     "w=expected_close~is~soon", "w=contact__city~is~x", "after=x", "after=WzFd", "after=W10", "after=bnVsbA",
     "q=%00", "w=expected_revenue~gte~1e400", "w=stage~is~99999999999999999999"],
)  # fmt: skip
def test_refuses_what_it_does_not_know(query: str, asking: Program) -> None:
    problem(asking.get(f"/opportunities?{query}"), 400, "bad-request")


@pytest.mark.parametrize(
    ("order", "value"),
    [
        ("name", "\ud800"), ("name", "a\x00"), ("name", [1]), ("name", {}), ("-expected_revenue", "1e200000"),
        ("-expected_revenue", "NaN"), ("-expected_revenue", "x"), ("created_at", "soon"), ("expected_close", 3),
    ],
)  # fmt: skip
def test_refuses_places_that_nobody_was_given(order: str, value: Any, asking: Program) -> None:
    forged = base64.urlsafe_b64encode(json.dumps([value, 5]).encode()).decode()

    answer = asking.get(f"/opportunities?o={order}&after={forged}")

    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        problem(answer, 400, "bad-request")


def test_says_what_it_does_not_know(asking: Program) -> None:
    found = problem(asking.get("/opportunities?stage=3"), 400, "bad-request")

    assert found["detail"] == "“stage” is not a parameter of a list. There are: q, f, w, o, limit, after."


def test_prints_values_in_one_way_whatever_the_language(asking: Program, anna: User) -> None:
    deal = factories.deal(
        expected_revenue="12400.50", expected_close="2026-03-12", probability=40, owner=anna
    )

    for language in ("fr", "en"):
        record = told(asking.get(f"/opportunities/{deal.pk}", Accept_Language=language))
        assert record["expected_revenue"] == "12400.50"
        assert record["prorated_revenue"] == "4960.20"
        assert record["expected_close"] == "2026-03-12"
        assert record["owner"] == anna.pk
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", record["created_at"])


def test_names_what_it_points_to_in_the_readers_language(asking: Program, anna: User, stages: Stages) -> None:
    deal = factories.deal(owner=anna, contact=factories.company("Armor"))
    deal.tags.add(factories.tag("Neuf", name_en="Brand new"))

    french = told(asking.get(f"/opportunities/{deal.pk}", Accept_Language="fr"))["names"]
    english = told(asking.get(f"/opportunities/{deal.pk}", Accept_Language="en-GB,fr;q=0.5"))["names"]

    assert (french["stage"], french["tags"]) == ("Nouveau", ["Neuf"])
    assert (english["stage"], english["tags"]) == ("New", ["Brand new"])
    assert (english["owner"], english["contact"], english["team"]) == ("Anna Kerbrat", "Armor", "North")


def test_calls_things_as_the_pages_do(asking: Program, anna: User, stages: Stages) -> None:
    factories.deal(owner=anna, contact=factories.company("Armor"))

    for resource in resources():
        rows = resource.screen.model._default_manager.all()
        names = names_of(resource.screen.model, {row.pk for row in rows}, asking.owner)
        assert names == {row.pk: str(row) for row in rows}


def test_thirty_records_cost_no_more_queries_than_three(asking: Program, anna: User, stages: Stages) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            deal = factories.deal(
                owner=factories.user(f"Vendeur {number}"),
                contact=factories.company(f"Société {number}"),
                source=factories.source(),
                stage=stages.new if number % 2 else stages.qualified,
            )
            deal.tags.add(factories.tag(), factories.tag())

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(told(asking.get("/opportunities?limit=200"))["results"]) >= 3
        return len(queries)

    fill(3)
    cost()
    few = cost()
    fill(27)

    assert cost() == few
    assert few <= 14


def test_asks_nothing_of_a_stranger(asking: Program) -> None:
    with CaptureQueriesContext(connection) as queries:
        problem(asking.get("/opportunities", Authorization="Basic x"), 401, "unauthorized")

    assert len(queries) == 0
