"""How a lead is looked at first, and becomes an opportunity."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.contacts.models import Address, Contact
from piste.core.events import publish
from piste.core.transitions import Refused, lock
from piste.pipeline.events import LeadConverted

if TYPE_CHECKING:
    from piste.accounts.models import Team, User
    from piste.pipeline.models.deal import Lead, Opportunity

PLACE = tuple(field.name for field in Address._meta.fields)
REACH = ("email", "phone", "mobile", "website")
#: What a known customer takes from a lead where it has nothing itself, and a lead from its customer.
SHARED = (*REACH, "job_position", "language")

CLOSED = gettext_lazy("“%(record)s” is %(state)s. Reopen it first, then convert it.")


class Converting:
    """What happens to a lead before it is an opportunity."""

    def convert(
        self, *, customer: Contact | None, owner: User | None, team: Team | None, by: User, at: datetime
    ) -> Opportunity:
        """Turn the lead into an opportunity of that salesperson and team; the same record, with all its history.

        Without a team it is the salesperson's own; without a customer the present one stays. Nothing that the
        lead says is overwritten. The stage stays unless it belongs to another team.
        """
        from piste.pipeline.models.deal import Opportunity

        lead = cast("Lead", self)
        with transaction.atomic():
            lead.check_ready()
            if customer is not None and customer.pk != lead.contact_id:
                lead.join(customer)
            lead.owner, lead.team, lead.keeps_team = owner, team or lead.team, team is not None
            lead.kind, lead.converted_at, lead.moment = "opportunity", at, at
            lead.save()
            publish(LeadConverted(deal=lead.pk, by=by.pk))
            return cast("Opportunity", Opportunity.objects.get(pk=lead.pk))

    def qualify(
        self,
        *,
        merge_with: Opportunity | None = None,
        customer_action: str = "none",
        customer: Contact | None = None,
        owner: User | None = None,
        team: Team | None = None,
        by: User,
        at: datetime,
    ) -> Opportunity:
        """Convert with a customer that is made of the lead, is there, or as it is; or complete an opportunity.

        Without a salesperson or a team an opportunity that is completed keeps its own.
        """
        from piste.pipeline.models.deal import Deal, Opportunity

        lead = cast("Lead", self)
        with transaction.atomic():
            # Before anything is made of it: of two who convert at once the second gets a sentence.
            lead.check_ready()
            if merge_with is None:
                if customer_action == "create":
                    customer = lead.make_customer(owner=owner, by=by, at=at)
                return lead.convert(customer=customer, owner=owner, team=team, by=by, at=at)
            Deal.objects.filter(pk=lead.pk).merge_into(Deal.objects.get(pk=merge_with.pk), by=by, at=at)
            whole = Opportunity.objects.get(pk=merge_with.pk)
            if owner is not None or team is not None:
                whole.owner, whole.team = owner or whole.owner, team or whole.team
                whole.keeps_team, whole.moment = team is not None, at
                whole.save()
            return cast("Opportunity", whole)

    def check_ready(self) -> None:
        """Hold the lead. Raises `Refused` when it has ended or been converted."""
        lead = cast("Lead", self)
        lock(lead)
        if lead.status != "open":
            raise Refused(str(CLOSED) % {"record": lead, "state": lead.get_status_display()})
        if lead.kind != "lead":
            raise Refused(_("“%(lead)s” has just been converted.") % {"lead": lead})

    def join(self, customer: Contact) -> None:
        """Point at a customer. Each takes from the other what it lacks; an address only as a whole."""
        lead = cast("Lead", self)
        for name, value in lacks(customer, lead).items():
            setattr(customer, name, value)
        if customer.changed(*(field.attname for field in customer._meta.concrete_fields)):
            customer.save()
        for name in SHARED:
            setattr(lead, name, getattr(lead, name) or getattr(customer, name))
        if not any(getattr(lead, name) for name in PLACE):
            for name in PLACE:
                setattr(lead, name, getattr(customer, name))
        lead.company_name = lead.company_name or (customer.family.name if customer.family.is_company else "")
        lead.contact_name = lead.contact_name or ("" if customer.is_company else customer.name)
        lead.contact = customer

    def new_customers(self) -> list[Contact]:
        """The company and the person that would be made of the lead, not saved: company first, either or both."""
        lead = cast("Lead", self)
        person_name = lead.contact_name or parseaddr(lead.email)[0].strip()
        made: list[Contact] = []
        if lead.company_name:
            made.append(self._new(lead.company_name, Contact.Kind.COMPANY))
        if person_name or not made:
            made.append(self._new(person_name or lead.name, Contact.Kind.PERSON))
            made[-1].parent = made[0] if len(made) > 1 else self._employer()
        return made

    def make_customer(self, *, owner: User | None, by: User, at: datetime) -> Contact:
        """Save what `new_customers` proposes, for that salesperson; the person if there is one."""
        lead = cast("Lead", self)
        made = self.new_customers()
        for contact in made:
            contact.owner, contact.team = owner, lead.team
            contact.created_by, contact.created_at = by, at
            # Its key is known only now.
            contact.parent = contact.parent
            contact.save()
        return made[-1]

    def open_first(self, *, by: User, at: datetime) -> bool:
        """Note when its salesperson first looks at the lead; whether this was that moment."""
        lead = cast("Lead", self)
        lock(lead)
        if lead.opened_at is not None or lead.owner_id != by.pk or lead.kind != "lead":
            return False
        lead.opened_at = at
        lead.save(update_fields=["opened_at", "updated_at"])
        return True

    def _employer(self) -> Contact | None:
        """The company that the lead is linked to already."""
        contact = cast("Lead", self).contact
        return contact.family if contact is not None and contact.family.is_company else None

    def _new(self, name: str, kind: str) -> Contact:
        lead = cast("Lead", self)
        shared: dict[str, Any] = {field: getattr(lead, field) for field in (*PLACE, *REACH, "language")}
        shared["email"] = lead.email_normalised or lead.email
        if kind == Contact.Kind.PERSON:
            shared["job_position"] = lead.job_position
        return Contact(name=name[:160], kind=kind, notes=lead.description, source=lead.source, **shared)


def lacks(customer: Contact, lead: Lead) -> dict[str, Any]:
    """What the lead knows and the customer does not: addresses and numbers, never over what is there."""
    names = SHARED if not customer.is_company else REACH
    return {
        name: getattr(lead, name) for name in names if getattr(lead, name) and not getattr(customer, name)
    }


# A button offers it like a transition, though there may be no lead to save when it is done.
Converting.qualify.transition = ("status", frozenset({"open"}))  # type: ignore[attr-defined]
