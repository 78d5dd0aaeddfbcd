"""Leads and opportunities become one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from piste.accounts.models import Team, User
from piste.core import events
from piste.core.combining import Part
from piste.core.merge import MOST, survivor_of
from piste.core.transitions import Refused
from piste.pipeline.events import DealsMerged
from piste.pipeline.merging import DEALS
from piste.pipeline.models import Deal, Opportunity, Stage
from tests import factories
from tests.conftest import NOON, Stages


def merged(by: User, *deals: Any, into: Any = None, **values: Any) -> Deal:
    """All of them become one; the best survives unless another is named."""
    rows = Deal.objects.filter(pk__in=[deal.pk for deal in deals])
    target = Deal.objects.get(pk=(into or DEALS.ordered(rows)[0]).pk)
    return rows.merge_into(target, values=values, by=by, at=NOON)


def test_the_first_value_there_is_wins_and_the_others_are_gone(anna: User, stages: Stages) -> None:
    first = factories.deal("Site", owner=anna, email="", city="Brest")
    second = factories.deal("Site web", email="jean@example.com", expected_revenue=Decimal(4000))

    result = merged(anna, first, second)

    assert result.pk == first.pk
    assert (result.name, result.email, result.expected_revenue) == ("Site", "jean@example.com", Decimal(4000))
    assert list(Deal.objects.all()) == [result]
    assert survivor_of(Deal, second.pk) == first.pk


def test_the_survivor_is_the_furthest_of_the_best_kind(anna: User, stages: Stages) -> None:
    lead = factories.lead("Lead", stage=stages.proposition)
    early = factories.deal("Early", stage=stages.new)
    late = factories.deal("Late", stage=stages.qualified)
    lost = factories.deal("Lost", stage=stages.proposition)
    lost.lose(by=anna, at=NOON)
    twin = factories.deal("Late, younger", stage=stages.qualified)
    likely = factories.deal("Likely", stage=stages.qualified, probability=Decimal(90))

    order = DEALS.ordered(Deal.objects.all())

    assert [deal.name for deal in order] == ["Likely", "Late", "Late, younger", "Early", "Lead", "Lost"]
    assert {late.pk, twin.pk, likely.pk, early.pk, lead.pk, lost.pk} == {deal.pk for deal in order}


def test_puts_together_notes_tags_and_the_highest_priority(anna: User, stages: Stages) -> None:
    web, urgent = factories.tag("Web"), factories.tag("Urgent")
    first = factories.deal("A", description="Called twice.", priority=1)
    second = factories.deal("B", description="Wants an offer.", priority=3)
    third = factories.deal("C", description="Called twice.")
    first.tags.set([web])
    second.tags.set([web, urgent])

    result = merged(anna, first, second, third)

    assert result.description == "Called twice.\n\nWants an offer."
    assert result.priority == 3
    assert set(result.tags.all()) == {web, urgent}


def test_the_address_is_not_mixed_from_two(anna: User, stages: Stages) -> None:
    first = factories.deal("A", city="Brest", country="FR")
    second = factories.deal("B", street="2 quai Ouest", postcode="29000", city="Quimper")

    result = merged(anna, first, second)

    assert (result.street, result.postcode, result.city, result.country) == (
        "2 quai Ouest",
        "29000",
        "Quimper",
        "",
    )


def test_keeps_the_earliest_creation_and_the_survivors_probability(anna: User, stages: Stages) -> None:
    early = datetime(2025, 1, 2, tzinfo=UTC)
    first = factories.deal("A", probability=Decimal(40), stage=stages.qualified)
    second = factories.deal("B", probability=Decimal(90), created_at=early, created_by=anna)

    result = merged(anna, first, second)

    assert (result.probability, result.created_at, result.created_by) == (Decimal(40), early, anna)


def test_recurring_revenue_comes_with_its_plan(anna: User, stages: Stages) -> None:
    yearly, monthly = factories.recurring_plan(months=12), factories.recurring_plan(months=1)
    first = factories.deal("A", recurring_plan=monthly, expected_close=date(2026, 5, 1))
    first.recurring_plan = None
    first.save()
    second = factories.deal("B", recurring_revenue=Decimal(1200), recurring_plan=yearly)

    result = merged(anna, first, second)

    assert (result.recurring_revenue, result.recurring_plan, result.recurring_monthly) == (1200, yearly, 100)


def test_an_opportunity_stays_one_whoever_survives(anna: User, stages: Stages) -> None:
    lead, deal = factories.lead("Lead"), factories.deal("Deal")

    result = merged(anna, lead, deal, into=lead)

    assert (result.pk, result.kind, result.converted_at) == (lead.pk, "opportunity", NOON)
    assert Opportunity.objects.get() == Opportunity(pk=lead.pk)


def test_lost_and_open_are_open(anna: User, stages: Stages) -> None:
    lost, still = factories.deal("Lost", stage=stages.qualified), factories.deal("Open")
    lost.lose(reason=factories.lost_reason("Prix"), note="Later", by=anna, at=NOON)

    result = merged(anna, lost, still, into=lost)

    assert (result.pk, result.status, result.closed_at) == (lost.pk, "open", None)
    assert (result.lost_reason, result.lost_note) == (None, "")
    assert result.probability == result.automated_probability > 0


def test_lost_and_lost_take_the_first_reason(anna: User, stages: Stages) -> None:
    reason = factories.lost_reason("Prix")
    first, second = factories.deal("A"), factories.deal("B")
    first.lose(by=anna, at=NOON)
    second.lose(reason=reason, note="Too dear", by=anna, at=NOON)

    result = merged(anna, first, second)

    assert (result.pk, result.status, result.lost_reason, result.lost_note) == (
        first.pk,
        "lost",
        reason,
        "Too dear",
    )


def test_a_won_deal_stays_won_or_nothing_is_done(anna: User, stages: Stages) -> None:
    won, still = factories.deal("Signed"), factories.deal("Open")
    won.win(by=anna, at=NOON)

    with pytest.raises(Refused, match="“Signed” is won"):
        merged(anna, won, still, into=still)
    assert Deal.objects.count() == 2

    result = merged(anna, won, still)
    assert (result.pk, result.status, result.probability, result.closed_at) == (won.pk, "won", 100, NOON)


def test_goes_to_the_first_stage_of_a_team_that_does_not_use_its_own(
    anna: User, north: Team, south: Team, stages: Stages
) -> None:
    of_north = factories.stage("Visite", position=25, team=north)
    first = factories.deal("A", team=north, stage=of_north)
    second = factories.deal("B")

    result = merged(anna, first, second, team=south)

    assert (result.team, result.stage) == (south, stages.new)


def test_chosen_values_go_before_the_rules(anna: User, ben: User, stages: Stages) -> None:
    web = factories.tag("Web")
    first, second = (
        factories.deal("A", owner=anna, email="a@example.com"),
        factories.deal("B", email="b@example.com"),
    )
    second.tags.set([web])

    result = merged(anna, first, second, name="B", email="", owner=ben, tags=[])

    assert (result.name, result.email, result.owner, list(result.tags.all())) == ("B", "", ben, [])
    assert result.assigned_at == NOON


def test_says_what_it_merged(anna: User, stages: Stages, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[DealsMerged] = []
    monkeypatch.setitem(events._now, DealsMerged, [told.append])
    first, second = factories.deal("A"), factories.deal("B")

    merged(anna, first, second)

    assert told[-1] == DealsMerged(survivor=first.pk, others=(second.pk,), by=anna.pk)


def test_takes_two_to_a_hundred(anna: User, stages: Stages) -> None:
    deals = [factories.deal(f"Deal {number}") for number in range(MOST + 1)]

    with pytest.raises(Refused, match="at least two"):
        merged(anna, deals[0])
    with pytest.raises(Refused, match="At most 100"):
        merged(anna, *deals)

    assert merged(anna, *deals[:MOST]).pk == deals[0].pk
    assert Deal.objects.count() == 2


def test_follows_what_was_merged_again(anna: User, stages: Stages) -> None:
    first, second, third = (factories.deal(name) for name in "ABC")

    merged(anna, second, third)
    merged(anna, first, second)

    assert [survivor_of(Deal, deal.pk) for deal in (third, second, first)] == [first.pk, first.pk, None]


#: What follows from the others, or belongs to the survivor alone.
DERIVED = {
    "id", "updated_at", "search", "prorated_revenue", "prorated_monthly", "recurring_monthly", "automated_probability",
    "email_normalised", "phone_e164", "other_phone_e164", "email_quality", "phone_quality", "assigned_at",
    "stage_changed_at", "days_to_assign", "days_to_close", "won_at", "lost_at",
}  # fmt: skip


def test_every_column_has_its_rule() -> None:
    """A new column of a deal needs a place in `DEALS`, or here."""
    ruled = [name for part in DEALS.parts for name in part.fields]
    columns = {field.name for field in (*Deal._meta.concrete_fields, *Deal._meta.many_to_many)}

    assert len(ruled) == len(set(ruled))
    assert columns - set(ruled) <= DERIVED
    assert set(ruled) <= columns


def test_a_part_without_a_choice_joins_nothing() -> None:
    assert Part(("description",), several=True).values([Deal()], ()) == {"description": ""}


def test_costs_the_same_for_two_and_for_many(anna: User, stages: Stages) -> None:
    counts = []
    for number in (2, 40):
        deals = [
            factories.deal(f"Deal {n}", owner=anna, contact=factories.company(), source=factories.source())
            for n in range(number)
        ]
        for deal in deals:
            deal.tags.set([factories.tag() for _each in range(3)])
        with CaptureQueriesContext(connection) as captured:
            merged(anna, *deals, into=deals[0])
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_stays_in_its_stage_since_then(anna: User, stages: Stages) -> None:
    since = NOON - timedelta(days=9)
    first, second = factories.deal("A", stage_changed_at=since), factories.deal("B")
    Deal.objects.filter(pk=first.pk).update(stage_changed_at=since)

    assert merged(anna, first, second).stage_changed_at == since


def test_stage_of_another_record_can_be_chosen(anna: User, stages: Stages) -> None:
    first, second = factories.deal("A", stage=stages.qualified), factories.deal("B", stage=stages.new)
    stage = Stage.objects.get(pk=stages.new.pk)

    assert merged(anna, first, second, stage=stage).stage == stages.new
