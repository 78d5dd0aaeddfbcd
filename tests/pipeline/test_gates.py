"""What a stage asks for before a deal comes in."""

from __future__ import annotations

from datetime import date

import pytest

from piste.accounts.models import User
from piste.core.transitions import Refused
from piste.pipeline.models import Stage
from piste.pipeline.models.lists import Gate
from tests.conftest import NOON, Stages
from tests.factories import company, deal, source


def asking(stage: Stage, *fields: str) -> Stage:
    stage.required_fields = list(fields)
    stage.save()
    return stage


def test_names_what_is_missing(anna: User, stages: Stages) -> None:
    asking(stages.proposition, Gate.REVENUE, Gate.CLOSING)
    moved = deal(owner=anna)

    with pytest.raises(Refused) as refusal:
        moved.move_to(stages.proposition, by=anna, at=NOON)

    assert str(refusal.value) == "“Proposition” asks for: expected revenue, expected closing."
    moved.refresh_from_db()
    assert moved.stage == stages.new


def test_lets_a_complete_deal_in(anna: User, stages: Stages) -> None:
    asking(stages.proposition, *Gate.values)
    moved = deal(
        owner=anna,
        expected_revenue=4_200,
        expected_close=date(2026, 4, 1),
        contact=company(),
        email="achats@armor.example",
        phone="02 61 91 40 12",
        source=source(),
    )

    moved.move_to(stages.proposition, by=anna, at=NOON)

    assert moved.stage == stages.proposition


def test_stands_before_a_win_too(anna: User, stages: Stages) -> None:
    asking(stages.won, Gate.CUSTOMER)

    with pytest.raises(Refused, match="“Won” asks for: customer"):
        deal(owner=anna).win(by=anna, at=NOON)


def test_does_not_stand_on_the_way_back(anna: User, stages: Stages) -> None:
    again = deal(owner=anna, stage=stages.qualified)
    again.lose(by=anna, at=NOON)
    asking(stages.qualified, Gate.CUSTOMER)

    again.reopen(by=anna, at=NOON)

    assert again.status == "open"
