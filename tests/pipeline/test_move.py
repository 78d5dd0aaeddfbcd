"""Moving a deal from stage to stage."""

from __future__ import annotations

from datetime import timedelta

import pytest

from piste.accounts.models import Team, User
from piste.core.transitions import Refused
from tests.conftest import NOON, Stages
from tests.factories import deal, stage

LATER = NOON + timedelta(days=3)


def test_puts_the_deal_into_the_stage(anna: User, stages: Stages) -> None:
    moved = deal(owner=anna)

    moved.move_to(stages.qualified, by=anna, at=NOON)

    moved.refresh_from_db()
    assert moved.stage == stages.qualified
    assert moved.status == "open"


def test_dates_the_stage_by_the_move(anna: User, stages: Stages) -> None:
    moved = deal(owner=anna)

    moved.move_to(stages.qualified, by=anna, at=NOON)
    moved.move_to(stages.proposition, by=anna, at=NOON)

    moved.refresh_from_db()
    assert moved.stage_changed_at == NOON


def test_leaves_the_date_where_the_stage_stays(anna: User, stages: Stages) -> None:
    moved = deal(owner=anna, stage=stages.qualified, created_at=NOON)

    moved.move_to(stages.qualified, by=anna, at=LATER)

    assert moved.stage_changed_at == NOON


def test_wins_in_a_won_stage(anna: User, stages: Stages) -> None:
    moved = deal(owner=anna)

    moved.move_to(stages.won, by=anna, at=NOON)

    moved.refresh_from_db()
    assert (moved.status, moved.probability, moved.closed_at) == ("won", 100, NOON)


def test_reopens_out_of_a_won_stage(anna: User, stages: Stages) -> None:
    moved = deal(owner=anna)
    moved.win(by=anna, at=NOON)

    moved.move_to(stages.proposition, by=anna, at=LATER)

    moved.refresh_from_db()
    assert (moved.status, moved.stage, moved.closed_at) == ("open", stages.proposition, None)
    assert moved.probability == moved.automated_probability == 75


def test_keeps_the_closing_between_two_won_stages(anna: User, stages: Stages) -> None:
    delivered = stage("Livré", is_won=True)
    moved = deal(owner=anna)
    moved.win(by=anna, at=NOON)

    moved.move_to(delivered, by=anna, at=LATER)

    assert (moved.status, moved.stage, moved.closed_at) == ("won", delivered, NOON)


def test_refuses_a_lost_deal(anna: User, stages: Stages) -> None:
    lost = deal(owner=anna)
    lost.lose(by=anna, at=NOON)

    with pytest.raises(Refused, match="already lost"):
        lost.move_to(stages.qualified, by=anna, at=NOON)


def test_refuses_a_stage_of_another_team(anna: User, south: Team, stages: Stages) -> None:
    tender = stage("Appel d’offres", team=south)

    with pytest.raises(Refused, match="belongs to another team"):
        deal(owner=anna).move_to(tender, by=anna, at=NOON)


def test_works_from_what_is_in_the_database(anna: User, stages: Stages) -> None:
    stale = deal(owner=anna)
    fresh = type(stale).objects.get(pk=stale.pk)
    fresh.name = "Renommée"
    fresh.save()

    stale.move_to(stages.qualified, by=anna, at=NOON)

    stale.refresh_from_db()
    assert stale.name == "Renommée"
