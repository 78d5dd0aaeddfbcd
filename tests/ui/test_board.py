"""The board: what its lanes hold and are worth, and what the address chooses."""

from __future__ import annotations

from typing import Any

import pytest

from piste.accounts.models import User
from piste.pipeline.models import Opportunity
from piste.pipeline.screens import opportunities
from piste.ui.modes import Board
from piste.ui.modes.board import BoardResult
from piste.ui.state import ViewState
from piste.ui.testing import Visitor
from tests import factories
from tests.conftest import Stages


def board(user: User, **state: Any) -> BoardResult:
    mode = opportunities.mode_of(Board)
    assert mode is not None
    return mode.build(opportunities.look(user, ViewState(filters=(), **state), "EUR"))


def test_shows_every_stage_also_the_empty_ones(deals: list[Opportunity], lena: User) -> None:
    lanes = board(lena).lanes

    assert [lane.label for lane in lanes] == ["Nouveau", "Qualifié", "Proposition", "Gagné"] or [
        lane.label for lane in lanes
    ] == ["New", "Qualified", "Proposition", "Won"]
    assert [lane.count for lane in lanes] == [6, 6, 0, 0]
    assert [len(lane.cards) for lane in lanes] == [6, 6, 0, 0]


@pytest.mark.parametrize("by", opportunities.search.group_by, ids=lambda by: by.key)
def test_counts_each_row_once_whatever_it_is_grouped_by(
    deals: list[Opportunity], lena: User, by: Any
) -> None:
    assert board(lena, groups=(by.key,)).count == len(deals)


@pytest.mark.parametrize("by", opportunities.search.group_by, ids=lambda by: by.key)
def test_gives_all_cards_lane_by_lane(deals: list[Opportunity], lena: User, by: Any) -> None:
    result = board(lena, groups=(by.key,))

    assert {card.pk for lane in result.lanes for card in lane.cards} == {deal.pk for deal in deals}
    assert [lane.count for lane in result.lanes] == [len(lane.cards) for lane in result.lanes]


def test_shows_the_chosen_total_first(deals: list[Opportunity], lena: User) -> None:
    expected = board(lena).lanes[0].totals
    prorated = board(lena, total="prorated_revenue").lanes[0].totals

    assert prorated == (*expected[1:], expected[0])


def test_offers_the_totals_in_a_menu(deals: list[Opportunity], lena: User) -> None:
    page = Visitor(lena).get("/opportunities/", f="", total="recurring_monthly").text

    assert 'id="menu-totals"' in page
    assert "total=prorated_revenue" in page


def test_asks_for_the_next_cards_of_a_lane(stages: Stages, lena: User) -> None:
    for number in range(45):
        factories.deal(f"Deal {number}", stage=stages.new)
    visitor = Visitor(lena)

    lane = board(lena).lanes[0]
    more = visitor.get(lane.more, part=True)

    shown = [card.pk for card in lane.cards]
    assert len(shown) == 40
    assert [
        pk for pk in Opportunity.objects.values_list("pk", flat=True) if f'id="card-{pk}"' in more.text
    ] == list(Opportunity.objects.exclude(pk__in=shown).values_list("pk", flat=True))
