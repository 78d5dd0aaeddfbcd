"""The stage a deal starts in, and the one it is in after a change of team."""

from __future__ import annotations

import pytest

from piste.accounts.models import Team, User
from piste.core.transitions import Refused
from tests.conftest import NOON, Stages
from tests.factories import deal, lead, stage


def test_starts_in_the_first_stage(anna: User, stages: Stages) -> None:
    assert deal(owner=anna).stage == stages.new
    assert lead(owner=anna).stage == stages.new


def test_starts_in_no_folded_stage(anna: User, stages: Stages) -> None:
    stage("En sommeil", position=1, folded=True)

    assert deal(owner=anna).stage == stages.new


def test_starts_in_the_teams_own_first_stage(anna: User, cora: User, south: Team, stages: Stages) -> None:
    tender = stage("Appel d’offres", position=1, team=south)

    assert deal(owner=cora).stage == tender
    assert deal(owner=anna).stage == stages.new


def test_starts_in_a_folded_stage_when_all_are(anna: User) -> None:
    folded = stage("En sommeil", folded=True)

    assert deal(owner=anna).stage == folded


def test_starts_in_the_stage_it_is_given(anna: User, stages: Stages) -> None:
    assert deal(owner=anna, stage=stages.proposition).stage == stages.proposition


def test_refuses_without_any_stage_to_start_in(anna: User) -> None:
    stage("Gagné", is_won=True)

    with pytest.raises(Refused, match="no stage to start in"):
        deal(owner=anna)


def test_refuses_an_open_deal_in_a_won_stage(anna: User, stages: Stages) -> None:
    with pytest.raises(Refused, match="An open deal cannot be in “Won”"):
        deal(owner=anna, stage=stages.won)


def test_keeps_a_shared_stage_in_another_team(anna: User, cora: User, stages: Stages) -> None:
    handed = deal(owner=anna, stage=stages.qualified)

    handed.assign(owner=cora, by=anna, at=NOON)

    assert handed.stage == stages.qualified


def test_leaves_a_stage_that_the_new_team_does_not_have(
    anna: User, cora: User, north: Team, stages: Stages
) -> None:
    handed = deal(owner=anna, stage=stage("Visite", position=25, team=north))

    handed.assign(owner=cora, by=anna, at=NOON)

    handed.refresh_from_db()
    assert handed.stage == stages.qualified
    assert handed.stage_changed_at == NOON
    assert handed.probability == 50


def test_comes_to_the_first_stage_where_none_lies_before(
    anna: User, cora: User, north: Team, stages: Stages
) -> None:
    handed = deal(owner=anna, stage=stage("Contact", position=1, team=north))

    handed.assign(owner=cora, by=anna, at=NOON)

    assert handed.stage == stages.new


def test_stays_won_in_another_team(anna: User, cora: User, north: Team, stages: Stages) -> None:
    stage("Gagné Nord", position=35, is_won=True, team=north)
    won = deal(owner=anna)
    won.win(by=anna, at=NOON)

    won.assign(owner=cora, by=anna, at=NOON)

    assert (won.status, won.stage, won.closed_at) == ("won", stages.won, NOON)
