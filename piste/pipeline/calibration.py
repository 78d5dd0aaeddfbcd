"""How good scores have been: what they said last while deals were open, beside how those ended."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

#: Percents are put together in steps of ten.
STEP = 10
#: What the record kept before the end is what somebody could read then; nothing learnt later comes in.
_READ = """
SELECT LEAST(floor(before.automated_probability / 10)::integer, 9) AS step, count(*),
    count(*) FILTER (WHERE deal.status = 'won'), avg(before.automated_probability)::float8,
    sum(power(before.automated_probability / 100 - (deal.status = 'won')::integer, 2))::float8
FROM pipeline_deal deal JOIN LATERAL (
    SELECT automated_probability FROM pipeline_dealevent event
    WHERE event.pgh_obj_id = deal.id AND event.status = 'open' ORDER BY pgh_id DESC LIMIT 1
) before ON true
WHERE deal.status <> 'open' AND deal.closed_at >= %s GROUP BY step ORDER BY step
"""


@dataclass(frozen=True, slots=True)
class Step:
    """The deals that were given about the same probability."""

    lowest: int
    count: int
    won: int
    said: float

    @property
    def came(self) -> float:
        """The percentage that was won."""
        return 100 * self.won / self.count

    @property
    def highest(self) -> int:
        return self.lowest + STEP

    @property
    def radius(self) -> float:
        """Of the point that stands for them: its area grows with their number, within bounds."""
        return min(4.0, 1.0 + math.sqrt(self.count) / 8)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Steps of the reliability curve, and the mean squared error beside that of the base rate for everybody."""

    steps: tuple[Step, ...]
    brier: float
    base_brier: float

    @property
    def count(self) -> int:
        return sum(step.count for step in self.steps)

    @property
    def won(self) -> int:
        return sum(step.won for step in self.steps)

    @property
    def skill(self) -> int:
        """By how many percent the error is smaller than that of the base rate; below zero it is larger."""
        return round(100 * (1 - self.brier / self.base_brier)) if self.base_brier else 0

    @property
    def line(self) -> str:
        """The points of the curve, from the lower left."""
        return " ".join(f"{step.said:.1f},{100 - step.came:.1f}" for step in self.steps)


def a_year_ago(at: datetime) -> datetime:
    return at - timedelta(days=365)


def calibrate(rows: list[tuple[int, int, int, float, float]]) -> Calibration:
    """The curve of rows of step, deals, deals won, mean of what was said, sum of squared errors."""
    steps = tuple(Step(step * STEP, count, won, said) for step, count, won, said, _error in rows)
    count = sum(step.count for step in steps)
    if not count:
        return Calibration((), 0.0, 0.0)
    base = sum(step.won for step in steps) / count
    return Calibration(steps, sum(row[4] for row in rows) / count, base * (1 - base))


def report(*, since: datetime) -> Calibration:
    """The calibration of all deals that ended since. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [since])
        return calibrate(cursor.fetchall())
