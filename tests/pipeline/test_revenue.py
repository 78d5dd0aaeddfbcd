"""Expected, prorated and recurring revenue."""

from __future__ import annotations

from decimal import Decimal

import pytest

from piste.accounts.models import User
from piste.pipeline.models import Deal
from tests.conftest import NOON, Stages
from tests.factories import deal, recurring_plan


def stored(made: Deal) -> Deal:
    return Deal.objects.get(pk=made.pk)


def test_is_prorated_by_the_probability(anna: User, stages: Stages) -> None:
    made = deal(owner=anna, expected_revenue=Decimal("333.33"), probability=Decimal("33.33"))

    assert stored(made).prorated_revenue == Decimal("111.10")


def test_is_prorated_anew_after_a_move(anna: User, stages: Stages) -> None:
    moved = deal(owner=anna, expected_revenue=1_000)

    moved.move_to(stages.qualified, by=anna, at=NOON)

    assert stored(moved).prorated_revenue == 500


def test_is_prorated_anew_by_a_bulk_change(anna: User, stages: Stages) -> None:
    made = deal(owner=anna, expected_revenue=1_000)

    Deal.objects.filter(pk=made.pk).update(expected_revenue=2_000)

    assert stored(made).prorated_revenue == 500


@pytest.mark.parametrize(
    ("amount", "months", "monthly"),
    [
        (3_480, 12, "290.00"),
        (290, 1, "290.00"),
        (1_000, 36, "27.78"),
        (Decimal("0.01"), 12, "0.00"),
        (50, 0, "50.00"),
    ],
)
def test_recurs_so_much_a_month(
    anna: User, stages: Stages, amount: Decimal, months: int, monthly: str
) -> None:
    made = deal(owner=anna, recurring_revenue=Decimal(amount), recurring_plan=recurring_plan(months=months))

    assert stored(made).recurring_monthly == Decimal(monthly)


def test_recurs_monthly_without_a_plan(anna: User, stages: Stages) -> None:
    made = deal(owner=anna, recurring_revenue=Decimal(80))

    assert stored(made).recurring_monthly == 80


def test_recurs_as_the_plan_says_after_it_changed(anna: User, stages: Stages) -> None:
    plan = recurring_plan(months=12)
    made = deal(owner=anna, recurring_revenue=Decimal(1_200), recurring_plan=plan)

    plan.months = 24
    plan.save()

    assert stored(made).recurring_monthly == 50


def test_rounds_a_changed_plan_as_it_rounds_a_deal(anna: User, stages: Stages) -> None:
    plan = recurring_plan(months=1)
    made = deal(owner=anna, recurring_revenue=Decimal("0.25"), recurring_plan=plan)
    plan.months = 2
    plan.save()

    again = deal(owner=anna, recurring_revenue=Decimal("0.25"), recurring_plan=plan)

    assert stored(made).recurring_monthly == stored(again).recurring_monthly == Decimal("0.13")


def test_recurring_is_prorated_without_rounding(anna: User, stages: Stages) -> None:
    made = deal(owner=anna, recurring_revenue=Decimal("0.33"), probability=Decimal("33.33"))

    assert stored(made).prorated_monthly == Decimal("0.109989")
