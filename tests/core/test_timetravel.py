"""Rows as they were can be read like any others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Count, Prefetch, Sum

from piste.accounts.models import User
from piste.contacts.models import Contact, Tag
from piste.core.history import operation
from piste.core.timetravel import as_of, times_in
from piste.pipeline.models import Deal, DealTag, Lead, Opportunity, Stage
from tests import factories
from tests.conftest import NOON, Stages
from tests.core.working import columns, did, edit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (9, 10, 11, 12))


def on(day: datetime, work: Callable[[], Any]) -> None:
    did(None, work, at=day)


@pytest.fixture
def deal(anna: User, stages: Stages) -> Deal:
    with operation("deal.create", by=anna, at=MONDAY):
        return factories.deal("Forty chairs", owner=anna, stage=stages.new, expected_revenue=4000)


def test_shows_a_record_as_it_was(deal: Deal, stages: Stages) -> None:
    on(TUESDAY, lambda: edit(deal, name="Fifty chairs", stage=stages.proposition, expected_revenue=5000))

    monday, tuesday = (as_of(Deal, day + DAY / 2).get(pk=deal.pk) for day in (MONDAY, TUESDAY))

    assert (monday.name, monday.stage, monday.expected_revenue) == ("Forty chairs", stages.new, 4000)
    assert (tuesday.name, tuesday.stage, tuesday.expected_revenue) == (
        "Fifty chairs",
        stages.proposition,
        5000,
    )


def test_shows_only_what_was_there(deal: Deal) -> None:
    on(TUESDAY, lambda: factories.deal("Ten desks"))
    on(WEDNESDAY, deal.delete)

    names = [
        set(as_of(Deal, day).values_list("name", flat=True))
        for day in (MONDAY - DAY, MONDAY, TUESDAY, WEDNESDAY)
    ]

    assert names == [set(), {"Forty chairs"}, {"Forty chairs", "Ten desks"}, {"Ten desks"}]


def test_shows_the_present_as_it_is(deal: Deal, stages: Stages, anna: User) -> None:
    for number in range(5):
        factories.deal(f"Deal {number}", owner=anna, expected_revenue=number)
    Deal.objects.filter(name="Deal 3").delete()
    Deal.objects.filter(name="Deal 2").update(probability=40)

    now = list(as_of(Deal, datetime(2999, 1, 1, tzinfo=UTC)).order_by("pk").values())

    live = list(Deal.objects.order_by("pk").values())
    assert [row | {"updated_at": None} for row in now] == [row | {"updated_at": None} for row in live]


def test_agrees_with_what_was_seen_on_the_way(anna: User, stages: Stages) -> None:
    seen = []
    for number in range(12):
        day = MONDAY + number * DAY

        def work(number: int = number) -> None:
            factories.deal(f"Deal {number}", owner=anna, stage=stages.new, priority=number % 4)
            Deal.objects.filter(name=f"Deal {number // 2}").update(stage=stages.qualified, probability=20)
            Deal.objects.filter(name=f"Deal {number - 5}").delete()

        on(day, work)
        seen.append((day, columns(Deal, "search")))

    for day, rows in seen:
        names = rows[0].keys()
        assert list(as_of(Deal, day).order_by("pk").values(*names)) == rows


def test_filters_orders_and_adds_up_as_usual(anna: User, stages: Stages) -> None:
    def load() -> None:
        for number in range(6):
            factories.deal(f"Deal {number}", owner=anna, stage=stages.new, expected_revenue=1000 * number)

    on(MONDAY, load)
    on(TUESDAY, lambda: Deal.objects.update(stage=stages.qualified, expected_revenue=1))

    past = as_of(Opportunity, MONDAY).filter(stage=stages.new, expected_revenue__gte=2000)

    assert list(past.order_by("-expected_revenue").values_list("name", flat=True)[:2]) == ["Deal 5", "Deal 4"]
    assert past.count() == 4
    assert past.aggregate(total=Sum("expected_revenue")) == {"total": Decimal(14000)}
    assert list(past.values("stage__name").annotate(n=Count("pk")).order_by()) == [
        {"stage__name": "Nouveau", "n": 4}
    ]
    assert Stage.objects.filter(pk__in=past.values("stage")).get() == stages.new


def test_works_out_generated_columns(deal: Deal) -> None:
    on(TUESDAY, lambda: Deal.objects.update(probability=50))
    on(WEDNESDAY, lambda: Deal.objects.update(probability=75))

    assert as_of(Deal, TUESDAY).filter(prorated_revenue=2000).exists()
    assert as_of(Deal, TUESDAY).get().updated_at == TUESDAY


def test_keeps_the_kinds_apart_as_they_were(deal: Deal) -> None:
    on(TUESDAY, lambda: Deal.objects.update(kind="lead"))

    assert as_of(Opportunity, MONDAY).count() == 1
    assert as_of(Lead, MONDAY).count() == 0
    assert as_of(Lead, TUESDAY).count() == 1


def test_speaks_the_words_of_the_models_own_queries(deal: Deal, anna: User, ben: User) -> None:
    on(TUESDAY, lambda: edit(deal, status="lost", closed_at=TUESDAY, probability=0))

    past = Opportunity.history.as_of(MONDAY)  # type: ignore[attr-defined]

    assert past.open().for_user(anna).get() == deal
    assert not past.for_user(ben).exists()
    assert not Opportunity.history.as_of(TUESDAY).open().exists()  # type: ignore[attr-defined]


def test_sees_tags_as_they_were(deal: Deal) -> None:
    with operation("deal.tag", by=None, at=MONDAY):
        urgent, cold = factories.tag("Urgent"), factories.tag("Cold")
        deal.tags.add(urgent)
    on(TUESDAY, lambda: deal.tags.set([cold]))

    assert as_of(Deal, MONDAY).filter(tags=urgent).count() == 1
    assert as_of(Deal, TUESDAY).filter(tags=urgent).count() == 0
    links = Prefetch("tags", as_of(Tag, MONDAY).order_by("name"))
    [past] = as_of(Deal, MONDAY).prefetch_related(links)
    assert [str(tag) for tag in past.tags.all()] == ["Urgent"]


def test_finds_the_stage_of_old_even_if_it_is_gone_or_was_recorded_later(deal: Deal, stages: Stages) -> None:
    on(TUESDAY, lambda: edit(deal, stage=stages.proposition))
    stages.new.delete()

    [past] = as_of(Deal, MONDAY).select_related("stage", "owner")

    assert (past.stage.name, past.owner.name) == ("Nouveau", "Anna Kerbrat")


def test_sees_a_customer_as_it_was(deal: Deal) -> None:
    def move_in() -> None:
        edit(deal, contact=factories.company("Acme", city="Brest"))

    on(MONDAY, move_in)
    on(TUESDAY, lambda: Contact.objects.update(city="Quimper"))

    assert as_of(Deal, MONDAY).filter(contact__city="Brest").exists()
    assert as_of(Deal, TUESDAY).filter(contact__city="Quimper").exists()


def test_lets_the_last_write_win_when_transactions_overlap(deal: Deal) -> None:
    on(WEDNESDAY, lambda: Deal.objects.update(name="Started later, written first"))
    on(TUESDAY, lambda: Deal.objects.update(name="Started first, written later"))

    assert as_of(Deal, WEDNESDAY).get().name == Deal.objects.get().name


def test_takes_what_a_screen_prepares(deal: Deal) -> None:
    past = as_of(Deal, MONDAY, prepare=lambda rows: rows.annotate(twice=Sum("expected_revenue") * 2))

    assert past.get().twice == 8000  # type: ignore[attr-defined]


def test_does_not_change_the_past(deal: Deal) -> None:
    with pytest.raises(TypeError, match="past cannot be changed"):
        as_of(Deal, MONDAY).update(name="Forty-one chairs")


def test_reads_the_past_with_one_query(deal: Deal, django_assert_num_queries: Callable[..., Any]) -> None:
    factories.tag("Urgent")

    with django_assert_num_queries(1):
        list(as_of(Deal, NOON).select_related("stage", "contact__parent").filter(tags__name="Urgent"))


# How long


def test_adds_up_how_long_a_deal_was_in_each_stage(deal: Deal, stages: Stages) -> None:
    on(TUESDAY, lambda: edit(deal, stage=stages.qualified))
    on(TUESDAY + DAY / 2, lambda: edit(deal, name="Fifty chairs"))
    on(WEDNESDAY, lambda: edit(deal, stage=stages.new))

    times = times_in(deal, "stage_id", until=THURSDAY)

    assert times == {stages.new.pk: 2 * DAY, stages.qualified.pk: DAY}


def test_stops_the_clock_while_a_deal_is_deleted(deal: Deal, stages: Stages) -> None:
    kept = Deal.objects.get()
    on(TUESDAY, deal.delete)
    on(THURSDAY, lambda: kept.save(force_insert=True))

    assert times_in(kept, "stage", until=THURSDAY + DAY) == {stages.new.pk: 2 * DAY}


def test_counts_up_to_the_moment_asked_for(deal: Deal, stages: Stages) -> None:
    on(WEDNESDAY, lambda: edit(deal, stage=stages.qualified))

    assert times_in(deal, "stage_id", until=TUESDAY) == {stages.new.pk: DAY}


def test_needs_one_query(deal: Deal, django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(1):
        times_in(deal, "stage_id", until=THURSDAY)


def test_knows_links_too(deal: Deal) -> None:
    on(MONDAY, lambda: deal.tags.add(factories.tag("Urgent")))
    on(TUESDAY, deal.tags.clear)

    assert [as_of(DealTag, day).count() for day in (MONDAY, TUESDAY)] == [1, 0]
