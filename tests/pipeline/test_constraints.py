"""What the database itself does not let happen to deals."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from piste.accounts.models import User
from piste.pipeline.models import Deal, DealTag, LostReason, RecurringPlan
from tests.conftest import NOON, Stages
from tests.factories import company, deal, lost_reason, recurring_plan, tag


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("deal_closed_iff_not_open", {"closed_at": NOON}),
        ("deal_closed_iff_not_open", {"status": "won", "probability": 100}),
        ("deal_closed_iff_not_open", {"status": "lost", "probability": 0}),
        ("deal_probability_in_range", {"probability": 101}),
        ("deal_probability_in_range", {"probability": -1}),
        ("deal_certain_once_closed", {"status": "won", "closed_at": NOON, "probability": 99}),
        ("deal_certain_once_closed", {"status": "lost", "closed_at": NOON, "probability": 1}),
        ("priority", {"priority": -1}),
    ],
)
def test_a_bulk_change_cannot_break_a_deal(stages: Stages, constraint: str, columns: dict[str, Any]) -> None:
    made = deal()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Deal.objects.filter(pk=made.pk).update(**columns)


def test_a_tag_is_on_a_deal_once(stages: Stages) -> None:
    made, web = deal(), tag("Web")
    made.tags.add(web)

    with pytest.raises(IntegrityError, match="deal_tag_once"), transaction.atomic():
        DealTag.objects.create(deal=made, tag=web)


def test_adding_a_tag_twice_is_no_mistake(anna: User, stages: Stages) -> None:
    made, web = deal(), tag("Web")

    made.add_tags(tags=[web], by=anna, at=NOON)
    made.add_tags(tags=[web, tag("Audit")], by=anna, at=NOON)

    assert {str(one) for one in made.tags.all()} == {"Web", "Audit"}


def test_a_stage_with_deals_stays(stages: Stages) -> None:
    deal(stage=stages.qualified)

    with pytest.raises(ProtectedError):
        stages.qualified.delete()


def test_a_reason_with_deals_stays(anna: User, stages: Stages) -> None:
    reason = lost_reason()
    deal().lose(reason=reason, by=anna, at=NOON)

    with pytest.raises(ProtectedError):
        reason.delete()


def test_a_customer_with_deals_stays(stages: Stages) -> None:
    customer = company()
    deal(contact=customer)

    with pytest.raises(ProtectedError):
        customer.delete()


def test_a_deal_goes_with_its_tags(stages: Stages) -> None:
    made = deal()
    made.tags.add(tag("Web"))

    made.delete()

    assert not DealTag.objects.exists()


@pytest.mark.parametrize(
    ("make", "constraint"), [(lost_reason, "lost_reason_once"), (recurring_plan, "recurring_plan_once")]
)
@pytest.mark.parametrize("again", ["Délai écoulé", "DÉLAI ÉCOULÉ", "delai ecoule"])
def test_a_name_is_in_a_list_once(db: None, make: Any, constraint: str, again: str) -> None:
    make("Délai écoulé")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(again)


@pytest.mark.parametrize("model", [LostReason, RecurringPlan])
def test_a_form_says_that_a_name_is_taken(db: None, model: Any) -> None:
    model.objects.create(name="Délai")

    with pytest.raises(ValidationError, match="violated"):
        model(name="delai").full_clean()
