"""Groups and their totals: together they are all rows, and each leads to exactly its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from piste.pipeline.models import Opportunity
from piste.pipeline.screens import opportunities
from piste.ui.aggregate import GroupBy, Interval, Measure, aggregate
from tests import factories

PARIS = ZoneInfo("Europe/Paris")
GROUPS = opportunities.search.group_by
INTERVALS: tuple[Interval, ...] = ("day", "week", "month", "quarter", "year")


@pytest.fixture(autouse=True)
def paris() -> Iterator[None]:
    now = datetime(2027, 3, 12, tzinfo=PARIS)
    with time_machine.travel(now, tick=False), timezone.override(PARIS), translation.override("en"):
        yield


@pytest.mark.parametrize("by", GROUPS, ids=lambda by: by.key)
def test_each_group_leads_to_exactly_its_rows(deals: list[Opportunity], by: GroupBy) -> None:
    rows = Opportunity.objects.all()

    for bucket in aggregate(rows, [by], [Measure(), Measure("expected_revenue")]):
        key = by.to_key(bucket.key[0])
        own = rows.filter(by.condition(by.value_of(Opportunity, key)))
        assert bucket.values == (own.count(), sum(deal.expected_revenue for deal in own))
        assert bucket.labels[0]


@pytest.mark.parametrize("by", [by for by in GROUPS if by.path != "tags"], ids=lambda by: by.key)
def test_the_groups_are_all_rows(deals: list[Opportunity], by: GroupBy) -> None:
    buckets = aggregate(Opportunity.objects.all(), [by], [Measure()])

    assert sum(bucket.values[0] for bucket in buckets) == len(deals)


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("path", ["created_at", "expected_close"])
def test_divides_time_by_the_readers_calendar(
    deals: list[Opportunity], path: str, interval: Interval
) -> None:
    by = GroupBy(path, interval)
    rows = Opportunity.objects.all()

    buckets = aggregate(rows, [by], [Measure()])

    for bucket in buckets:
        value = by.value_of(Opportunity, by.to_key(bucket.key[0]))
        assert rows.filter(by.condition(value)).count() == bucket.values[0]
    assert sum(bucket.values[0] for bucket in buckets) == len(deals)


def test_groups_by_two_things_at_once(deals: list[Opportunity]) -> None:
    by = [GroupBy("stage"), GroupBy("owner")]

    buckets = aggregate(Opportunity.objects.all(), by, [Measure()])

    assert len(buckets) == 6
    assert {bucket.labels for bucket in buckets} >= {("New", "Anna Kerbrat"), ("Qualified", "None")}


def test_takes_averages(deals: list[Opportunity]) -> None:
    [bucket] = aggregate(Opportunity.objects.all(), [], [Measure("expected_revenue", "avg")])

    assert Decimal(bucket.values[0]) == Decimal("5500.5")


def test_names_intervals_as_people_do(db: None) -> None:
    start = datetime(2026, 4, 1, tzinfo=PARIS)

    names = [GroupBy("created_at", interval).name(start) for interval in INTERVALS]

    assert names == ["1 Apr 2026", "1 Apr 2026", "Apr 2026", "Q2 2026", "2026"]


@pytest.mark.parametrize("by", [*GROUPS, GroupBy("expected_close", "quarter")], ids=lambda by: by.key)
@given(key=st.one_of(st.text(max_size=12), st.integers().map(str), st.dates().map(str)))
def test_reads_a_key_or_says_that_it_is_none(by: GroupBy, key: str) -> None:
    try:
        by.condition(by.value_of(Opportunity, key))
    except ValueError:
        return
    except ValidationError:
        pytest.fail("a key of another kind must be a ValueError")


def test_offers_every_choice_as_a_group(db: None) -> None:
    assert [label for _value, label in GroupBy("priority").every_value(Opportunity)] == [
        "Low",
        "Medium",
        "High",
        "Very high",
    ]
    assert GroupBy("stage").every_value(Opportunity) == []


def test_prints_measures_by_their_kind(db: None) -> None:
    factories.deal("Roof", expected_revenue=1200)

    assert Measure("expected_revenue").text(Opportunity, Decimal(1200), "EUR") == "€1,200"
    assert Measure().text(Opportunity, 1200, "EUR") == "1,200"
    assert Measure().label(Opportunity) == "Count"
    assert date.fromisoformat(GroupBy("expected_close", "month").to_key(date(2026, 3, 1))) == date(2026, 3, 1)
