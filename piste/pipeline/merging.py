"""How leads and opportunities become one: which survives, and what it takes from the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.contacts.apart import keep_apart
from piste.contacts.models import Contact
from piste.core.combining import (
    Fields,
    Part,
    Records,
    Rules,
    earliest,
    every,
    fullest,
    highest,
    link,
    own,
    put,
)
from piste.core.events import publish
from piste.core.merge import absorb, locked, when_merged
from piste.core.transitions import Refused
from piste.pipeline.events import DealsMerged
from piste.pipeline.models import Deal
from piste.pipeline.models.deriving import Known

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.pipeline.models.dealqueries import DealQuerySet


def rank(deal: Deal) -> tuple[object, ...]:
    """The best comes first: not lost, an opportunity, furthest, likeliest, and the older one."""
    lost, lead = deal.status == "lost", deal.kind == "lead"
    return lost, lead, -deal.stage.position, -deal.probability, deal.pk


def refusal(deals: Records) -> str:
    """A won deal stays won, or it is not merged."""
    won = next((deal for deal in deals if deal.status == "won"), None)
    if won is None or deals[0].status == "won":
        return ""
    return _("“%(record)s” is won, so it has to be the one that stays.") % {"record": won}


def ending(deals: Records, _fields: Fields) -> tuple[int, ...]:
    """Won if the survivor is; else open if any is; else lost, for the first reason that there is."""
    if deals[0].status == "won":
        return (0,)
    if (opened := _first(deals, "status", value="open")) is not None:
        return (opened,)
    reasons = [place for place, deal in enumerate(deals) if deal.lost_reason_id]
    return (reasons[0] if reasons else 0,)


def qualified(deals: Records, _fields: Fields) -> tuple[int, ...]:
    return (_first(deals, "kind", value="opportunity") or 0,)


def in_use(rows: Records, _fields: Fields) -> tuple[int, ...]:
    """Put away only if all were."""
    return (_first(rows, "archived", value=False) or 0,)


def _first(rows: Records, name: str, *, value: object) -> int | None:
    return next((place for place, row in enumerate(rows) if getattr(row, name) == value), None)


DEALS = Rules(
    parts=(
        Part(("name",)),
        Part(
            ("status", "closed_at", "lost_reason", "lost_note", "competitor", "revive_on"), ending, fixed=True
        ),
        Part(("kind", "converted_at"), qualified, fixed=True),
        Part(("stage",), own),
        Part(("expected_revenue",)),
        Part(("recurring_revenue", "recurring_plan")),
        Part(("probability",), own),
        Part(("expected_close",)),
        Part(("owner",)),
        Part(("team",)),
        Part(("priority",), highest),
        Part(("tags",), every, several=True),
        Part(("contact",)),
        Part(("contact_name",)),
        Part(("company_name",)),
        Part(("job_position",)),
        Part(("email",)),
        Part(("phone",)),
        Part(("mobile",)),
        Part(("website",)),
        Part(
            ("street", "street2", "postcode", "city", "state", "country"),
            fullest,
            label=gettext_lazy("Address"),
        ),
        Part(("source",)),
        Part(("medium",)),
        Part(("campaign",)),
        Part(("referred_by",)),
        Part(("language",)),
        Part(("email_cc",)),
        Part(("colour",)),
        Part(("description",), every, several=True),
        Part(("created_at", "created_by"), earliest, fixed=True),
        Part(("opened_at",), earliest, fixed=True),
        Part(("archived",), in_use, fixed=True),
    ),
    rank=rank,
    joins=("stage",),
    refusal=refusal,
)


@when_merged(Deal)
def told_apart(others: Sequence[Deal], survivor: Deal, _at: datetime) -> None:
    keep_apart("deal", others, survivor)


def merge_deals(
    rows: DealQuerySet, target: Deal, values: Mapping[str, Any], *, by: User, at: datetime
) -> Deal:
    """Make the rows and the target one. The caller's target is read afresh."""
    with transaction.atomic():
        customers = dict(rows.order_by().values_list("pk", "contact_id"))
        _hold({target.contact_id, *customers.values()})
        deals = locked(customers, target)
        prefetch_related_objects(deals, "stage")
        survivor: Deal
        survivor, *others = DEALS.ordered(deals, target)
        if sentence := refusal([survivor, *others]):
            raise Refused(sentence)
        result = DEALS.columns([survivor, *others]) | dict(values)
        absorb(others, survivor, at=at)
        put(survivor, result)
        _settle(survivor, at=at)
        survivor.save()
        link(survivor, result)
        target.refresh_from_db()
        publish(DealsMerged(survivor=survivor.pk, others=tuple(deal.pk for deal in others), by=by.pk))
    return survivor


def _hold(named: set[int | None]) -> None:
    """Customers before deals, as a merge of customers takes them, so that the two cannot wait for each other."""
    customers = Contact._base_manager.filter(pk__in=[pk for pk in named if pk]).order_by("pk")
    list(customers.select_for_update(no_key=True).values_list("pk", flat=True))


def _settle(survivor: Deal, *, at: datetime) -> None:
    """Bring in line what follows: a lead that became an opportunity, a stage that the team does not use."""
    survivor.moment = at
    if survivor.changed("kind") and survivor.converted_at is None:
        survivor.converted_at = at
    known, team = Known(), survivor.team_id
    if survivor.changed("owner_id"):
        team = known.team_of(survivor.owner_id, team)
    stage = known.stage(survivor.stage_id)
    if survivor.status == "open" and stage is not None and not stage.serves(team):
        survivor.stage = known.first_stage(team)
