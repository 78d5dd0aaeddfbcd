"""The columns of a table: chosen, placed, sized, and sorted by, all in the address."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from piste.accounts.models import User
from piste.pipeline.models import Opportunity
from piste.pipeline.screens import opportunities
from piste.ui.modes import List
from piste.ui.modes.list import Table
from piste.ui.state import ViewState
from piste.ui.testing import Answer, Visitor


@pytest.fixture
def visitor(lena: User) -> Visitor:
    return Visitor(lena)


def table(user: User, **state: str) -> Table:
    mode = opportunities.mode_of(List)
    assert mode is not None
    return mode.build(opportunities.look(user, ViewState(mode="list", filters=(), **state), "EUR"))


def shown(visitor: Visitor, **query: str) -> Answer:
    return visitor.get("/opportunities/", view="list", f="", **query)


def ids(text: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<tr id="row-(\d+)"', text)]


def said(url: str, name: str) -> str:
    found = re.search(rf"[?&]{name}=([^&]*)", url)
    return unquote(found[1]) if found else ""


def test_sorts_by_the_second_column_where_the_first_is_equal(
    deals: list[Opportunity], visitor: Visitor
) -> None:
    plain = sorted(deals, key=lambda deal: (-deal.priority, deal.expected_revenue))

    assert ids(shown(visitor, o="-priority,expected_revenue").text) == [deal.pk for deal in plain]


def test_goes_on_where_the_page_ended_with_several_keys_and_gaps(
    deals: list[Opportunity], visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ids(shown(visitor, o="city,-expected_close,contact").text)
    monkeypatch.setattr(List, "per_page", property(lambda _self: 5), raising=False)

    seen, page = [], shown(visitor, o="city,-expected_close,contact")
    for _page in range(4):
        seen += ids(page.text)
        more = re.search(r'class="more-rows">.*?href="([^"]*)"', page.text)
        if not more:
            break
        page = visitor.get(more[1].replace("&amp;", "&"))

    assert seen == whole
    assert len(seen) == 12


def test_says_which_column_sorts_first_and_which_next(deals: list[Opportunity], visitor: Visitor) -> None:
    text = shown(visitor, o="-expected_revenue,name").text

    head = {
        name: text[text.index(f'id="column-{name}"') :].split("</th>")[0]
        for name in ("expected_revenue", "name")
    }
    assert (
        'aria-sort="descending"' in head["expected_revenue"]
        and 'class="sort-place">1<' in head["expected_revenue"]
    )
    assert "aria-sort" not in head["name"] and 'class="sort-place">2<' in head["name"]


def test_a_click_with_shift_adds_turns_and_takes_away(lena: User, deals: list[Opportunity]) -> None:
    def after(sort: str) -> str:
        column = next(c for c in table(lena, sort=sort).columns if c.name == "expected_close")
        return said(column.also_url, "o")

    assert after("name") == "name,expected_close"
    assert after("name,expected_close") == "name,-expected_close"
    assert after("name,-expected_close") == "name"


def test_sorts_by_four_columns_at_most(lena: User, deals: list[Opportunity]) -> None:
    columns = {c.name: c for c in table(lena, sort="name,-priority,owner,stage").columns}

    assert columns["expected_close"].also_url == ""
    assert said(columns["expected_close"].sort_url, "o") == "expected_close"


def test_moves_a_column_by_its_menu(lena: User, deals: list[Opportunity]) -> None:
    choices = {c.name: c for c in table(lena, columns="name,city,stage").choices}

    assert said(choices["stage"].earlier, "cols") == "name,stage,city"
    assert said(choices["name"].later, "cols") == "city,name,stage"
    assert (choices["name"].earlier, choices["stage"].later) == ("", "")


def test_shows_columns_in_the_order_of_the_address(deals: list[Opportunity], visitor: Visitor) -> None:
    text = shown(visitor, cols="name,stage,city").text

    assert re.findall(r'data-column="(\w+)"', text) == ["name", "stage", "city"]


def test_gives_each_column_a_width_once_one_has_one(lena: User, deals: list[Opportunity]) -> None:
    sized = table(lena, columns="name,expected_revenue,city:320")

    assert [column.width for column in sized.columns] == [280, 160, 320]
    assert not any(column.width for column in table(lena, columns="name,city").columns)


def test_keeps_widths_where_a_column_is_added_moved_or_taken_away(
    lena: User, deals: list[Opportunity]
) -> None:
    choices = {c.name: c for c in table(lena, columns="name:300,city:120").choices}

    assert said(choices["city"].earlier, "cols") == "city:120,name:300"
    assert said(choices["stage"].url, "cols") == "name:300,city:120,stage"
    assert said(choices["name"].url, "cols") == "city:120"
    assert said(choices["city"].wider, "cols") == "name:300,city:152"


def test_writes_the_usual_columns_as_none(lena: User, deals: list[Opportunity]) -> None:
    usual = opportunities.mode_of(List)
    assert usual is not None
    first, second, *others = usual.columns
    swapped = table(lena, columns=",".join([second, first, *others])).choices

    assert said(swapped[0].later, "cols") == ""


@pytest.mark.parametrize("cols", ["name:", "name:12", "name:9999", "name:-80", "name:8O", "search:90", ":80"])
def test_refuses_what_no_column_can_be(deals: list[Opportunity], visitor: Visitor, cols: str) -> None:
    assert shown(visitor, cols=cols).status == 400


def test_exports_the_columns_in_the_order_shown(deals: list[Opportunity], visitor: Visitor) -> None:
    file = visitor.get("/opportunities/export/", view="list", f="", cols="name,stage:120,city", format="csv")

    assert file.text.splitlines()[0].lstrip("\ufeff") == "Name,Stage,City"
