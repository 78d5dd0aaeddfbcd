"""How likely a deal is: worked out, or typed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piste.accounts.models import User
from piste.pipeline import scoring
from tests.conftest import NOON, Stages
from tests.factories import deal, stage


def test_rises_from_stage_to_stage(anna: User, stages: Stages) -> None:
    moved = deal(owner=anna)
    seen = [moved.probability]

    for step in (stages.qualified, stages.proposition, stages.won):
        moved.move_to(step, by=anna, at=NOON)
        seen.append(moved.probability)

    assert seen == [25, 50, 75, 100]


def test_counts_only_the_steps_of_its_team(anna: User, cora: User, stages: Stages) -> None:
    stage("Visite", position=25, team=cora.teams.get())

    assert deal(owner=anna, stage=stages.qualified).probability == 50
    assert deal(owner=cora, stage=stages.qualified).probability == 40


def test_is_automatic_until_typed(anna: User, stages: Stages) -> None:
    made = deal(owner=anna)
    assert made.is_automatic

    made.probability = Decimal(60)
    made.save()

    assert not made.is_automatic
    assert (made.probability, made.automated_probability) == (60, 25)


def test_stays_as_typed_through_a_move(anna: User, stages: Stages) -> None:
    moved = deal(owner=anna)
    moved.probability = Decimal(60)
    moved.save()

    moved.move_to(stages.proposition, by=anna, at=NOON)

    moved.refresh_from_db()
    assert (moved.probability, moved.automated_probability) == (60, 75)


def test_may_be_typed_as_nothing(anna: User, stages: Stages) -> None:
    doubted = deal(owner=anna)

    doubted.probability = Decimal(0)
    doubted.save()
    doubted.move_to(stages.qualified, by=anna, at=NOON)

    assert doubted.probability == 0


def test_follows_again_once_it_is_the_automatic_one(anna: User, stages: Stages) -> None:
    moved = deal(owner=anna, probability=60)
    moved.probability = moved.automated_probability
    moved.save()

    moved.move_to(stages.qualified, by=anna, at=NOON)

    assert moved.probability == 50


def test_may_be_given_to_a_new_deal(anna: User, stages: Stages) -> None:
    made = deal(owner=anna, probability=Decimal("12.5"))

    assert (made.probability, made.automated_probability) == (Decimal("12.5"), 25)


def test_is_automatic_again_after_leaving_a_won_stage(anna: User, stages: Stages) -> None:
    moved = deal(owner=anna, probability=90)
    moved.win(by=anna, at=NOON)

    moved.move_to(stages.qualified, by=anna, at=NOON)

    assert moved.probability == 50


@given(st.integers(1, 40).flatmap(lambda steps: st.tuples(st.integers(0, steps - 1), st.just(steps))))
def test_never_reads_as_closed(place: tuple[int, int]) -> None:
    assert 0 < scoring.by_position(*place) < 100


@pytest.mark.parametrize("steps", [1, 3, 7])
def test_never_falls_along_the_way(steps: int) -> None:
    along = [scoring.by_position(place, steps) for place in range(steps)]

    assert along == sorted(set(along))
