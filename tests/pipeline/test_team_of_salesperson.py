"""The team of a deal follows its salesperson."""

from __future__ import annotations

from piste.accounts.models import Team, User
from tests.conftest import NOON, Stages
from tests.factories import deal, team, user


def test_is_the_first_team_of_the_salesperson(anna: User, north: Team, stages: Stages) -> None:
    team("Grands comptes", anna, position=90)

    assert deal(owner=anna).team == north


def test_stays_where_the_salesperson_belongs_to_it(anna: User, north: Team, stages: Stages) -> None:
    accounts = team("Grands comptes", anna, position=90)

    assert deal(owner=anna, team=accounts).team == accounts


def test_changes_with_the_salesperson(anna: User, cora: User, south: Team, stages: Stages) -> None:
    handed = deal(owner=anna)

    handed.assign(owner=cora, by=anna, at=NOON)

    handed.refresh_from_db()
    assert (handed.owner, handed.team) == (cora, south)


def test_stays_within_the_team(anna: User, ben: User, north: Team, stages: Stages) -> None:
    handed = deal(owner=anna)

    handed.assign(owner=ben, by=anna, at=NOON)

    assert handed.team == north


def test_stays_when_nobody_sells(anna: User, north: Team, stages: Stages) -> None:
    freed = deal(owner=anna)

    freed.assign(owner=None, by=anna, at=NOON)

    assert (freed.owner, freed.team) == (None, north)


def test_counts_leading_as_belonging(cora: User, south: Team, stages: Stages) -> None:
    led = team("Îles", position=1, leader=cora)

    assert deal(owner=cora).team == led
    assert deal(owner=cora, team=south).team == south


def test_stays_with_somebody_in_no_team(anna: User, north: Team, stages: Stages) -> None:
    handed = deal(owner=anna)

    handed.assign(owner=user("Nolwenn Bris"), by=anna, at=NOON)

    assert handed.team == north


def test_is_no_archived_team(cora: User, stages: Stages) -> None:
    team("Anciens", cora, position=1, archived=True)

    assert deal(owner=cora).team.name == "Sud"


def test_may_be_none(stages: Stages, db: None) -> None:
    assert deal(owner=user("Nolwenn Bris")).team is None
