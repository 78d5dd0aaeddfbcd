"""Many leads converted at once: what is to become of each, and doing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piste.contacts.models import Contact
from piste.pipeline.merging import rank
from piste.pipeline.models import Deal, Lead, Opportunity

if TYPE_CHECKING:
    from piste.accounts.models import Team, User

CREATE, EXISTING, NONE, MATCH = "create", "existing", "none", "match"
CONVERT, MERGE, SKIP = "convert", "merge", "skip"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the leads are to be converted: salespeople take turns in their order."""

    customer_action: str = MATCH
    merge_duplicates: bool = True
    owners: Sequence[User] = ()
    team: Team | None = None
    force: bool = False


@dataclass(slots=True)
class Step:
    """What is to become of one lead, and why. `others` are the records that it takes in."""

    lead: Lead
    act: str
    reason: str = ""
    into: Deal | None = None
    others: list[Deal] = field(default_factory=list)
    customer: Contact | None = None
    makes_customer: bool = False
    owner: User | None = None


def planned(leads: Sequence[Lead], wishes: Wishes, user: User) -> list[Step]:
    """What is to become of each lead, in order. Only records within the user's reach are taken in."""
    steps = [Step(lead, CONVERT) for lead in leads]
    for step in steps:
        if step.lead.status != Deal.Status.OPEN:
            step.act, step.reason = SKIP, str(step.lead.get_status_display())
    going = [step for step in steps if step.act == CONVERT]
    if wishes.merge_duplicates:
        _join_duplicates(going, user)
    _find_customers([step for step in going if step.act == CONVERT], wishes, user)
    _share_out([step for step in going if step.act == CONVERT], wishes)
    return steps


def _join_duplicates(steps: list[Step], user: User) -> None:
    """Let those with one address or customer become one, with what is open of them outside the selection too."""
    by_lead = {step.lead.pk: step for step in steps}
    known = _alike(steps, user)
    taken: set[int] = set()
    for step in steps:
        lead = step.lead
        if lead.pk in taken:
            continue
        same = [deal for deal in known if deal.pk not in taken and _is_same(lead, deal)]
        if len(same) < 2:
            continue
        # A lead that nobody chose is taken in, never the one that stays.
        best, *others = sorted(
            same, key=lambda deal: (deal.kind == "lead" and deal.pk not in by_lead, *rank(deal))
        )
        taken |= {deal.pk for deal in same}
        for deal in same:
            if (other := by_lead.get(deal.pk)) is not None and deal.pk != best.pk:
                other.act, other.into, other.reason = MERGE, best, _why(other.lead, best)
        if (kept := by_lead.get(best.pk)) is not None:
            kept.others = others
        else:
            step.others = [deal for deal in others if deal.pk != lead.pk]


def _alike(steps: list[Step], user: User) -> list[Deal]:
    emails = {step.lead.email_normalised for step in steps} - {""}
    contacts = {step.lead.contact_id for step in steps} - {None}
    same = Q(email_normalised__in=emails) | Q(contact__in=contacts)
    found: list[Deal] = []
    for model in (Lead, Opportunity):
        rows = model.objects.for_user(user, "change").open().shown().filter(same)
        found += rows.select_related("stage").order_by("pk")
    return found


def _is_same(lead: Lead, deal: Deal) -> bool:
    email = bool(lead.email_normalised) and lead.email_normalised == deal.email_normalised
    return email or (lead.contact_id is not None and lead.contact_id == deal.contact_id)


def _why(lead: Deal, other: Deal) -> str:
    same_address = lead.email_normalised and lead.email_normalised == other.email_normalised
    return _("same e-mail") if same_address else _("same customer")


def _find_customers(steps: Iterable[Step], wishes: Wishes, user: User) -> None:
    """By the address only: a name hits the wrong one too easily where nobody looks at each."""
    steps = [step for step in steps if step.lead.contact_id is None]
    emails = {step.lead.email_normalised for step in steps} - {""}
    found: dict[str, Contact] = {}
    if wishes.customer_action in (EXISTING, MATCH) and emails:
        rows = Contact.objects.for_user(user).filter(email_normalised__in=emails, archived=False)
        for contact in rows.select_related("parent").order_by("-kind", "pk"):
            found.setdefault(contact.email_normalised, contact)
    for step in steps:
        step.customer = found.get(step.lead.email_normalised)
        step.makes_customer = wishes.customer_action == CREATE or (
            wishes.customer_action == MATCH and step.customer is None
        )


def _share_out(steps: list[Step], wishes: Wishes) -> None:
    """Salespeople in turn: over all, or over those that have none."""
    turn = 0
    for step in steps:
        step.owner = step.lead.owner
        if wishes.owners and (wishes.force or step.lead.owner_id is None):
            step.owner = wishes.owners[turn % len(wishes.owners)]
            turn += 1


@dataclass(slots=True)
class Done:
    """What became of a lead."""

    step: Step
    deal: Deal
    made: Contact | None = None


def carry_out(steps: Sequence[Step], wishes: Wishes, *, by: User, at: datetime) -> list[Done]:
    """Do what was planned. The caller opens the transaction and the operation. Raises `Refused`."""
    done: list[Done] = []
    made: dict[str, Contact] = {}
    for step in steps:
        if step.act == SKIP:
            done.append(Done(step, step.lead))
        elif step.act == CONVERT:
            done.append(_convert(step, wishes, made, by=by, at=at))
    whole = {one.step.lead.pk: one.deal for one in done}
    for step in steps:
        if step.act == MERGE:
            assert step.into is not None
            deal = whole.get(step.into.pk) or _merged(step, step.into, by=by, at=at)
            whole[step.into.pk] = deal
            done.append(Done(step, deal))
    order = {step.lead.pk: place for place, step in enumerate(steps)}
    return sorted(done, key=lambda one: order[one.step.lead.pk])


def _convert(step: Step, wishes: Wishes, made: dict[str, Contact], *, by: User, at: datetime) -> Done:
    lead, email = step.lead, step.lead.email_normalised
    lead.check_ready()
    customer, new = step.customer, None
    if step.makes_customer:
        customer = made.get(email) if email else None
        if customer is None or wishes.customer_action == CREATE:
            customer = new = lead.make_customer(owner=step.owner, by=by, at=at)
            made[email] = new
    deal: Deal = lead.convert(customer=customer, owner=step.owner, team=_team(step, wishes), by=by, at=at)
    others = [other.pk for other in step.others]
    if others:
        deal = Deal.objects.filter(pk__in=others).merge_into(Deal.objects.get(pk=deal.pk), by=by, at=at)
    return Done(step, deal, new)


def _team(step: Step, wishes: Wishes) -> Team | None:
    """The team is written along with a salesperson."""
    assigned = step.owner is not None and step.owner.pk != step.lead.was("owner_id")
    return wishes.team if assigned or wishes.force else None


def _merged(step: Step, into: Deal, *, by: User, at: datetime) -> Deal:
    """The first of those that go into one record takes all of them there."""
    step.lead.check_ready()
    rest = [step.lead.pk, *(other.pk for other in step.others)]
    return Deal.objects.filter(pk__in=rest).merge_into(Deal.objects.get(pk=into.pk), by=by, at=at)


def told(done: Sequence[Done]) -> str:
    """What came of it, in a sentence."""
    counts = {act: sum(one.step.act == act for one in done) for act in (CONVERT, MERGE, SKIP)}
    parts = [ngettext("%(count)s lead converted", "%(count)s leads converted", counts[CONVERT])]
    shown = [parts[0] % {"count": counts[CONVERT]}]
    if counts[MERGE]:
        shown.append(_("%(count)s merged") % {"count": counts[MERGE]})
    if counts[SKIP]:
        shown.append(_("%(count)s left out") % {"count": counts[SKIP]})
    return ", ".join(shown)
