"""Deals of many kinds, with ties and gaps, for tests of the engine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from piste.accounts.models import User
from piste.pipeline.models import Opportunity
from tests import factories
from tests.conftest import Stages

#: Around midnight in Paris, so that months and days differ from those in Greenwich.
MOMENTS = (
    datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
    datetime(2026, 1, 31, 22, 30, tzinfo=UTC),
    datetime(2026, 2, 28, 23, 0, tzinfo=UTC),
    datetime(2026, 3, 28, 23, 59, tzinfo=UTC),
)


@pytest.fixture
def deals(stages: Stages, anna: User, ben: User) -> list[Opportunity]:
    """Twelve open deals: of Anna, of Ben and of nobody."""
    tags = [factories.tag("Toiture"), factories.tag("Urgent")]
    company = factories.company("Étoile du Nord", city="Brest")
    made = []
    for number in range(12):
        deal = factories.deal(
            f"Deal {number}",
            stage=(stages.new, stages.qualified)[number % 2],
            owner=(anna, ben, None)[number % 3],
            expected_revenue=Decimal(1000 * number) + Decimal("0.50"),
            expected_close=date(2026, 1 + number % 4, 1 + 9 * (number % 4)) if number % 3 else None,
            priority=number % 4,
            city="Évry" if number % 2 else "",
            country="FR" if number % 4 else "",
            contact=company if number % 5 == 0 else None,
            created_at=MOMENTS[number % 4],
        )
        deal.tags.set(tags[: number % 3])
        made.append(deal)
    return made
