"""Winning a deal, and the stage it is won in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from piste.accounts.models import Team, User
from piste.core.transitions import Refused
from tests.conftest import NOON, Stages
from tests.factories import deal, lead, stage


def test_closes_in_the_won_stage(anna: User, stages: Stages) -> None:
    won = deal(owner=anna)

    won.win(by=anna, at=NOON)

    won.refresh_from_db()
    assert (won.status, won.stage, won.closed_at) == ("won", stages.won, NOON)
    assert won.probability == won.automated_probability == 100


def test_takes_the_next_won_stage_after_the_present_one(anna: User, stages: Stages) -> None:
    stage("Gagné d’emblée", position=15, is_won=True)
    stage("Livré", position=50, is_won=True)
    won = deal(owner=anna, stage=stages.qualified)

    won.win(by=anna, at=NOON)

    assert won.stage == stages.won


def test_takes_the_last_won_stage_when_none_follows(anna: User, stages: Stages) -> None:
    late = stage("Litige", position=90)
    stage("Gagné d’emblée", position=15, is_won=True)
    won = deal(owner=anna, stage=late)

    won.win(by=anna, at=NOON)

    assert won.stage == stages.won


def test_prefers_no_stage_of_another_team(anna: User, south: Team, stages: Stages) -> None:
    stage("Gagné Sud", position=35, is_won=True, team=south)
    won = deal(owner=anna)

    won.win(by=anna, at=NOON)

    assert won.stage == stages.won


def test_takes_a_won_stage_of_its_own_team(anna: User, north: Team, stages: Stages) -> None:
    own = stage("Gagné Nord", position=35, is_won=True, team=north)
    won = deal(owner=anna)

    won.win(by=anna, at=NOON)

    assert won.stage == own


def test_dates_the_stage_by_the_win(anna: User, stages: Stages) -> None:
    won = deal(owner=anna)

    won.win(by=anna, at=NOON)

    assert won.stage_changed_at == NOON


def test_wins_a_lead_that_stays_a_lead(anna: User, stages: Stages) -> None:
    won = lead(owner=anna)

    won.win(by=anna, at=NOON)

    assert (won.kind, won.status) == ("lead", "won")


def test_refuses_a_won_deal(anna: User, stages: Stages) -> None:
    won = deal("Site vitrine", owner=anna)
    won.win(by=anna, at=NOON)

    with pytest.raises(Refused, match="“Site vitrine” is already won"):
        won.win(by=anna, at=NOON + timedelta(days=1))

    won.refresh_from_db()
    assert won.closed_at == NOON


def test_refuses_a_lost_deal(anna: User, stages: Stages) -> None:
    lost = deal(owner=anna)
    lost.lose(by=anna, at=NOON)

    with pytest.raises(Refused, match="already lost"):
        lost.win(by=anna, at=NOON)


def test_refuses_without_a_won_stage(anna: User) -> None:
    stage("Nouveau")

    with pytest.raises(Refused, match="no won stage"):
        deal(owner=anna).win(by=anna, at=NOON)
