"""What deals tell the packages above."""

from __future__ import annotations

from collections import defaultdict

import pytest

from piste.accounts.models import User
from piste.core import events
from piste.core.events import Event, on
from piste.core.transitions import Refused
from piste.pipeline.events import DealLost, DealMoved, DealReopened, DealWon
from tests.conftest import NOON, Stages
from tests.factories import deal, lost_reason


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The facts told from here on."""
    told: list[Event] = []
    monkeypatch.setattr(events, "_now", defaultdict(list))
    for fact in (DealMoved, DealWon, DealLost, DealReopened):
        on(fact)(told.append)
    return told


def test_a_move(anna: User, stages: Stages, heard: list[Event]) -> None:
    moved = deal(owner=anna)

    moved.move_to(stages.qualified, by=anna, at=NOON)

    assert heard == [DealMoved(deal=moved.pk, stage=stages.qualified.pk, by=anna.pk)]


def test_a_win_however_it_comes(anna: User, stages: Stages, heard: list[Event]) -> None:
    by_button, by_drag = deal(owner=anna), deal(owner=anna)

    by_button.win(by=anna, at=NOON)
    by_drag.move_to(stages.won, by=anna, at=NOON)

    assert heard == [DealWon(deal=by_button.pk, by=anna.pk), DealWon(deal=by_drag.pk, by=anna.pk)]


def test_a_loss_with_its_reason(anna: User, stages: Stages, heard: list[Event]) -> None:
    lost, dear = deal(owner=anna), lost_reason()

    lost.lose(reason=dear, by=anna, at=NOON)

    assert heard == [DealLost(deal=lost.pk, reason=dear.pk, by=anna.pk)]


def test_a_deal_taken_up_again(anna: User, stages: Stages, heard: list[Event]) -> None:
    again = deal(owner=anna)
    again.lose(by=anna, at=NOON)
    heard.clear()

    again.reopen(by=anna, at=NOON)

    assert heard == [DealReopened(deal=again.pk, by=anna.pk)]


def test_a_deal_dragged_out_of_the_won_stage(anna: User, stages: Stages, heard: list[Event]) -> None:
    dragged = deal(owner=anna)
    dragged.win(by=anna, at=NOON)
    heard.clear()

    dragged.move_to(stages.qualified, by=anna, at=NOON)

    assert heard == [
        DealReopened(deal=dragged.pk, by=anna.pk),
        DealMoved(deal=dragged.pk, stage=stages.qualified.pk, by=anna.pk),
    ]


def test_nothing_when_refused(anna: User, stages: Stages, heard: list[Event]) -> None:
    with pytest.raises(Refused):
        deal(owner=anna).reopen(by=anna, at=NOON)

    assert heard == []
