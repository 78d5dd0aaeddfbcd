"""On a record's page: the one before, the one after, and the place in the list one came from."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piste.accounts.models import User
from piste.pipeline.models import Opportunity
from piste.pipeline.screens import opportunities
from piste.ui.modes import List
from piste.ui.paging import ordered
from piste.ui.state import ViewState
from piste.ui.testing import Answer, Visitor
from tests import factories
from tests.conftest import Stages


@pytest.fixture
def visitor(lena: User) -> Visitor:
    return Visitor(lena)


def beside(answer: Answer) -> tuple[str, str]:
    """Where the page's arrows lead."""
    links = {
        control.attrs.get("aria-label"): control.attrs.get("href", "") for control in answer.html.controls
    }
    return links.get("Previous", ""), links.get("Next", "")


def walk(visitor: Visitor, first: Opportunity, query: str) -> list[int]:
    """The records one comes by, going on from the first to the last."""
    seen, address = [first.pk], f"/opportunities/{first.pk}/?from={quote(query)}"
    while address := beside(visitor.get(address))[1]:
        seen.append(int(urlsplit(address).path.split("/")[2]))
        assert len(seen) <= 30
    return seen


@given(sort=st.sampled_from(["-expected_close", "-contact,expected_close", "city", ""]))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_walks_through_the_list_as_it_is_sorted(
    deals: list[Opportunity], visitor: Visitor, sort: str
) -> None:
    table = opportunities.mode_of(List)
    assert table is not None
    look = opportunities.look(visitor.user, ViewState(filters=(), sort=sort), "EUR")
    plain = [deal.pk for deal in ordered(look.rows, table.orders(look))]
    first = Opportunity.objects.get(pk=plain[0])

    there = walk(visitor, first, f"view=list&f=&o={sort}")

    assert there == plain
    back = [
        beside(visitor.get(f"/opportunities/{pk}/?from={quote(f'view=list&f=&o={sort}')}"))[0] for pk in plain
    ]
    assert [address and int(address.split("/")[2]) for address in back] == ["", *plain[:-1]]


def test_walks_down_the_lane_of_a_board(deals: list[Opportunity], visitor: Visitor) -> None:
    lane = sorted(
        (deal for deal in deals if deal.stage_id == deals[0].stage_id), key=lambda d: (-d.priority, -d.pk)
    )

    assert walk(visitor, lane[0], "f=") == [deal.pk for deal in lane]


@pytest.mark.parametrize("header", ["HX-Current-URL", "Referer"])
def test_knows_the_list_that_it_was_opened_from(deals: list[Opportunity], lena: User, header: str) -> None:
    visitor = Visitor(
        lena, **{header: f"http://testserver/opportunities/?view=list&f=&o=name&panel={deals[3].pk}"}
    )

    page = visitor.get(f"/opportunities/{deals[3].pk}/")

    assert ">6 / 12<" in page.text
    assert beside(page)[1].endswith("/?from=view%3Dlist%26o%3Dname%26f%3D")


@pytest.mark.parametrize(
    "came",
    [
        "",
        "http://testserver/",
        "http://testserver/customers/?f=",
        "http://testserver/opportunities/?g=nonsense",
    ],
)
def test_shows_no_arrows_when_one_comes_from_elsewhere(
    deals: list[Opportunity], lena: User, came: str
) -> None:
    page = Visitor(lena, referer=came).get(f"/opportunities/{deals[0].pk}/")

    assert page.status == 200
    assert beside(page) == ("", "")


def test_shows_no_arrows_for_a_record_that_the_list_leaves_out(
    deals: list[Opportunity], visitor: Visitor
) -> None:
    page = visitor.get(f"/opportunities/{deals[0].pk}/?from={quote('f=lost')}")

    assert (page.status, beside(page)) == (200, ("", ""))


def test_refuses_a_list_that_cannot_be(deals: list[Opportunity], visitor: Visitor) -> None:
    assert visitor.get(f"/opportunities/{deals[0].pk}/", **{"from": "g=nonsense"}).status == 400


def test_passes_by_what_is_out_of_reach(stages: Stages, anna: User, ben: User) -> None:
    mine = [factories.deal(f"Deal {n}", owner=owner) for n, owner in enumerate((anna, ben, anna))]

    page: Any = Visitor(anna).get(f"/opportunities/{mine[0].pk}/?from={quote('view=list&f=&o=name')}")

    assert beside(page)[1].startswith(f"/opportunities/{mine[2].pk}/")
    assert ">1 / 2<" in page.text


@pytest.mark.parametrize("query", ["view=list&f=&o=-expected_close,city", "view=list&f=", "f="])
def test_goes_on_however_far_back_one_is(
    deals: list[Opportunity], visitor: Visitor, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    near = [beside(visitor.get(f"/opportunities/{deal.pk}/?from={quote(query)}")) for deal in deals]

    monkeypatch.setattr("piste.ui.neighbours.FAR", 2)
    far = [visitor.get(f"/opportunities/{deal.pk}/?from={quote(query)}") for deal in deals]

    assert [beside(page) for page in far] == near
    assert sum(">2+<" in page.text for page in far) >= 1


def test_asks_as_much_however_far_back_one_is(
    deals: list[Opportunity], visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("piste.ui.neighbours.FAR", 2)
    order = [deal.pk for deal in sorted(deals, key=lambda deal: deal.name)]

    costs = set()
    for pk in order[2:]:
        with CaptureQueriesContext(connection) as captured:
            visitor.get(f"/opportunities/{pk}/?from={quote('view=list&f=&o=name')}")
        costs.add(len(captured))

    assert max(costs) - min(costs) <= 1
