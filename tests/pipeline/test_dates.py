"""When a deal was given to somebody, and since when it is in its stage."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from piste.accounts.models import User
from tests.conftest import NOON, Stages
from tests.factories import deal

LATER = NOON + timedelta(days=2)


def test_begin_with_the_deal(anna: User, stages: Stages) -> None:
    made = deal(owner=anna, created_at=NOON)

    assert made.assigned_at == made.stage_changed_at == NOON


def test_assignment_is_empty_while_nobody_sells(stages: Stages) -> None:
    assert deal().assigned_at is None


def test_assignment_is_that_of_the_last_salesperson(anna: User, ben: User, stages: Stages) -> None:
    handed = deal(owner=anna, created_at=NOON)

    handed.assign(owner=ben, by=anna, at=LATER)

    handed.refresh_from_db()
    assert handed.assigned_at == LATER


def test_assignment_stays_with_the_same_salesperson(anna: User, stages: Stages) -> None:
    kept = deal(owner=anna, created_at=NOON)

    kept.assign(owner=anna, by=anna, at=LATER)

    assert kept.assigned_at == NOON


def test_assignment_is_emptied_with_the_salesperson(anna: User, stages: Stages) -> None:
    freed = deal(owner=anna)

    freed.assign(owner=None, by=anna, at=LATER)

    assert freed.assigned_at is None


def test_stage_keeps_its_date_through_other_changes(anna: User, stages: Stages) -> None:
    edited = deal(owner=anna, created_at=NOON)

    edited.expected_revenue = 900
    edited.save()

    assert edited.stage_changed_at == NOON


@pytest.mark.parametrize(
    ("expected", "month", "becomes"),
    [
        (date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 30)),
        (date(2026, 3, 12), date(2026, 6, 1), date(2026, 6, 12)),
        (None, date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 3, 12), None, None),
    ],
)
def test_closing_moves_to_another_month(
    anna: User, stages: Stages, expected: date | None, month: date | None, becomes: date | None
) -> None:
    moved = deal(owner=anna, expected_close=expected)

    moved.close_in(month, by=anna, at=NOON)

    moved.refresh_from_db()
    assert moved.expected_close == becomes
