"""The sentence that a win is celebrated with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from piste.accounts.models import User
from piste.pipeline.celebration import reason_for
from piste.pipeline.models import Opportunity, Stage
from tests.conftest import NOON, Stages
from tests.factories import deal, source, user

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def won(
    owner: User | None, worth: int = 0, *, at: datetime = NOON, took: timedelta = 40 * DAY, **fields: Any
) -> Opportunity:
    """A deal won at a moment, begun long before, qualified in between."""
    made = deal(owner=owner, expected_revenue=worth, created_at=at - took, **fields)
    made.move_to(Stage.objects.get(name="Qualifié"), by=owner, at=at)
    made.win(by=owner, at=at)
    return made


def straight_won(
    owner: User | None, worth: int = 0, *, at: datetime = NOON, took: timedelta = 40 * DAY, **fields: Any
) -> Opportunity:
    made = deal(owner=owner, expected_revenue=worth, created_at=at - took, **fields)
    made.win(by=owner, at=at)
    return made


@pytest.fixture
def _ordinary(anna: User, ben: User, stages: Stages) -> None:
    """A year in which there is nothing special left: both have won, dearly and fast."""
    for owner in (anna, ben):
        won(owner, 50_000, at=NOON - 60 * DAY)
        won(owner, 9_000, at=NOON - 6 * DAY, took=2 * HOUR)
    won(anna, 1_000, at=NOON - 6 * DAY, country="FR")


class TestFirstOfTheYear:
    def test_is_celebrated(self, anna: User, stages: Stages) -> None:
        assert reason_for(won(anna), at=NOON) == "First deal of the year for Anna Kerbrat!"

    def test_is_each_persons_own(self, anna: User, ben: User, stages: Stages) -> None:
        won(ben, at=NOON - DAY)

        assert reason_for(won(anna), at=NOON) == "First deal of the year for Anna Kerbrat!"

    def test_does_not_count_last_year(self, anna: User, stages: Stages) -> None:
        won(anna, at=datetime(2025, 12, 30, tzinfo=UTC))

        assert reason_for(won(anna), at=NOON) == "First deal of the year for Anna Kerbrat!"

    def test_begins_on_the_clock_of_the_salesperson(self, north: Any, stages: Stages) -> None:
        akiko = user("Akiko Ono", team=north, time_zone="Asia/Tokyo")
        new_year = datetime(2025, 12, 31, 15, tzinfo=UTC)
        won(akiko, at=new_year - HOUR)

        first = won(akiko, at=new_year + HOUR)

        assert reason_for(first, at=new_year + HOUR) == "First deal of the year for Akiko Ono!"

    def test_is_not_the_second(self, anna: User, stages: Stages) -> None:
        won(anna, 1, at=NOON - 60 * DAY)

        assert reason_for(won(anna), at=NOON) != "First deal of the year for Anna Kerbrat!"


@pytest.mark.usefixtures("_ordinary")
class TestRecord:
    def test_of_the_team_in_30_days(self, anna: User) -> None:
        assert reason_for(won(anna, 9_001), at=NOON) == "The biggest deal of North in 30 days!"

    def test_of_the_team_in_7_days(self, anna: User, ben: User) -> None:
        won(ben, 20_000, at=NOON - 20 * DAY)

        assert reason_for(won(anna, 9_001), at=NOON) == "The biggest deal of North in 7 days!"

    def test_of_the_salesperson_in_30_days(self, anna: User, ben: User) -> None:
        won(ben, 20_000, at=NOON - 2 * DAY)

        assert reason_for(won(anna, 9_001), at=NOON) == "The biggest deal of Anna Kerbrat in 30 days!"

    def test_of_the_salesperson_in_7_days(self, anna: User, ben: User) -> None:
        won(ben, 20_000, at=NOON - 2 * DAY)
        won(anna, 15_000, at=NOON - 20 * DAY)

        assert reason_for(won(anna, 9_001), at=NOON) == "The biggest deal of Anna Kerbrat in 7 days!"

    def test_is_no_tie(self, anna: User) -> None:
        assert reason_for(won(anna, 9_000), at=NOON) is None

    def test_is_not_beaten_in_another_team(self, anna: User, cora: User) -> None:
        won(cora, 90_000, at=NOON - DAY)

        assert reason_for(won(anna, 9_001), at=NOON) == "The biggest deal of North in 30 days!"

    def test_needs_something_to_beat(self, cora: User) -> None:
        won(cora, 1_000, at=NOON - 60 * DAY)

        assert reason_for(won(cora, 9_001), at=NOON) is None

    def test_counts_days_on_the_clock_of_the_salesperson(self, anna: User, ben: User) -> None:
        # In Paris, where Anna is, the day began an hour before it did in Greenwich.
        won(ben, 20_000, at=datetime(2026, 2, 15, 23, 30, tzinfo=UTC))

        assert reason_for(won(anna, 9_001), at=NOON) == "The biggest deal of North in 7 days!"


@pytest.mark.usefixtures("_ordinary")
class TestStreak:
    def test_of_three_days_is_celebrated(self, anna: User) -> None:
        won(anna, at=NOON - DAY)
        won(anna, at=NOON - 2 * DAY)

        assert reason_for(won(anna), at=NOON) == "Three days in a row with a win for Anna Kerbrat!"

    def test_is_celebrated_once_a_day(self, anna: User) -> None:
        for back in (0, 1, 2):
            won(anna, at=NOON - back * DAY - HOUR)

        assert reason_for(won(anna), at=NOON) is None

    def test_has_no_gap(self, anna: User) -> None:
        won(anna, at=NOON - DAY)
        won(anna, at=NOON - 3 * DAY)

        assert reason_for(won(anna), at=NOON) is None

    def test_is_of_one_person(self, anna: User, ben: User) -> None:
        won(anna, at=NOON - DAY)
        won(ben, at=NOON - 2 * DAY)

        assert reason_for(won(anna), at=NOON) is None

    def test_counts_days_on_the_clock_of_the_salesperson(self, anna: User) -> None:
        late = datetime(2026, 3, 16, 23, 30, tzinfo=UTC)
        won(anna, at=late)
        won(anna, at=late - DAY)

        assert reason_for(won(anna), at=NOON) == "Three days in a row with a win for Anna Kerbrat!"


@pytest.mark.usefixtures("_ordinary")
class TestFifthOfTheDay:
    def test_is_celebrated(self, anna: User) -> None:
        for _turn in range(4):
            won(anna, at=NOON - HOUR)

        assert reason_for(won(anna), at=NOON) == "The fifth deal today for Anna Kerbrat!"

    @pytest.mark.parametrize("others", [3, 5])
    def test_is_neither_the_fourth_nor_the_sixth(self, anna: User, others: int) -> None:
        for _turn in range(others):
            won(anna, at=NOON - HOUR)

        assert reason_for(won(anna), at=NOON) is None


@pytest.mark.usefixtures("_ordinary")
class TestFastest:
    def test_is_celebrated(self, anna: User, stages: Stages) -> None:
        quick = won(anna, took=2 * HOUR - timedelta(minutes=1))

        assert reason_for(quick, at=NOON) == "The fastest deal of North in 30 days!"

    def test_is_no_tie(self, anna: User, stages: Stages) -> None:
        assert reason_for(won(anna, took=2 * HOUR, stage=stages.qualified), at=NOON) is None

    def test_is_not_a_deal_entered_after_the_fact(self, anna: User) -> None:
        assert reason_for(won(anna, took=timedelta(minutes=5)), at=NOON) is None


@pytest.mark.usefixtures("_ordinary")
class TestStraight:
    def test_from_the_first_stage_is_celebrated(self, anna: User) -> None:
        assert reason_for(straight_won(anna), at=NOON) == "Straight from “New” to won!"

    def test_is_not_from_another_stage(self, anna: User, stages: Stages) -> None:
        assert reason_for(straight_won(anna, stage=stages.qualified), at=NOON) is None

    def test_is_not_with_a_detour(self, anna: User, stages: Stages) -> None:
        assert reason_for(won(anna), at=NOON) is None

    def test_is_not_a_deal_entered_after_the_fact(self, anna: User) -> None:
        assert reason_for(straight_won(anna, took=timedelta(minutes=5)), at=NOON) is None


@pytest.mark.usefixtures("_ordinary")
class TestFirstEver:
    def test_in_a_country_is_celebrated_in_the_readers_language(self, anna: User) -> None:
        first = won(anna, country="CH")

        assert reason_for(first, at=NOON) == "The first deal ever in Switzerland!"

    def test_in_a_country_comes_once(self, anna: User, cora: User) -> None:
        won(cora, country="CH", at=NOON - 400 * DAY)

        assert reason_for(won(anna, country="CH"), at=NOON) is None

    def test_from_a_source_is_celebrated(self, anna: User) -> None:
        fair = source("Salon nautique", name_en="Boat show")

        assert reason_for(won(anna, source=fair), at=NOON) == "The first deal ever from “Boat show”!"

    def test_from_a_source_does_not_count_lost_deals(self, anna: User) -> None:
        fair = source("Salon nautique", name_en="Boat show")
        deal(owner=anna, source=fair).lose(by=anna, at=NOON - DAY)

        assert reason_for(won(anna, source=fair), at=NOON) == "The first deal ever from “Boat show”!"

    def test_from_a_source_comes_once(self, anna: User, cora: User) -> None:
        fair = source("Salon nautique")
        won(cora, source=fair, at=NOON - 400 * DAY)

        assert reason_for(won(anna, source=fair), at=NOON) is None


@pytest.mark.usefixtures("_ordinary")
class TestNothing:
    def test_is_said_of_an_ordinary_win(self, anna: User) -> None:
        assert reason_for(won(anna, 100), at=NOON) is None

    def test_is_said_where_nobody_sells(self, anna: User) -> None:
        orphan = won(anna, 90_000)
        orphan.assign(owner=None, by=anna, at=NOON)

        assert reason_for(orphan, at=NOON) is None

    def test_is_said_of_an_open_deal(self, anna: User) -> None:
        assert reason_for(deal(owner=anna, expected_revenue=90_000), at=NOON) is None


@pytest.mark.usefixtures("_ordinary")
def test_asks_the_database_a_handful_of_times(
    anna: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    dull = won(anna, 100, country="FR", source=source())

    with django_assert_max_num_queries(7):
        reason_for(dull, at=NOON)
