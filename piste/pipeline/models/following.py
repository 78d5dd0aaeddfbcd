"""What a deal takes from its customer, and what the customer may take from a deal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from piste.contacts import normalise
from piste.contacts.models import Address, Contact
from piste.core.transitions import Refused

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.pipeline.models.deal import Deal

PLACE = tuple(field.name for field in Address._meta.fields)
#: Ways to reach somebody that deal and customer tell each other; the mobile goes from the customer only.
TOLD = ("email", "phone")
TAKEN = ("email", "phone", "mobile", "job_position", "website", "language")
FILLED = (*TAKEN, "contact_name", "company_name", *PLACE)


class Following:
    """The customer's data on a deal."""

    def given(self) -> set[str]:
        """Which of these come with the present write: of a new deal those that are filled."""
        deal = cast("Deal", self)
        if deal.pk is None:
            return {name for name in FILLED if getattr(deal, name)}
        return {name for name in FILLED if deal.changed(name)}

    def offered_by(self, contact: Contact, *, given: Collection[str]) -> dict[str, str]:
        """What choosing the customer fills, by field: not what is given, and an address only as a whole."""
        deal = cast("Deal", self)
        found = {name: getattr(contact, name) for name in TAKEN if getattr(contact, name)}
        for name in TOLD:
            if name in found and same(name, deal, contact):
                del found[name]
        if not contact.is_company:
            found["contact_name"] = contact.name
        if contact.family.is_company:
            found["company_name"] = contact.family.name
        found = {name: value for name, value in found.items() if name not in given}
        if any(getattr(contact, name) for name in PLACE) and not set(PLACE) & set(given):
            found |= {name: getattr(contact, name) for name in PLACE}
        return {name: value for name, value in found.items() if value != getattr(deal, name)}

    def take_from(self, contact: Contact, *, given: Collection[str]) -> None:
        """Fill what is known of the customer; what was given together with it stays."""
        for name, value in self.offered_by(contact, given=given).items():
            setattr(self, name, value)

    def differing(self) -> tuple[str, ...]:
        """Of e-mail and phone those that are here and others than the customer's, however they are written."""
        deal = cast("Deal", self)
        contact = deal.contact
        if contact is None:
            return ()
        return tuple(name for name in TOLD if getattr(deal, name).strip() and not same(name, deal, contact))

    def update_contact(self, *, by: User, at: datetime, only: Collection[str] = TOLD) -> None:
        """Tell the customer the e-mail and phone of this deal. What is empty here stays as it is there."""
        deal = cast("Deal", self)
        names = [name for name in self.differing() if name in only]
        if deal.contact is None or not names:
            raise Refused(_("The customer has the same e-mail and phone already."))
        if not Contact.objects.for_user(by, "change").filter(pk=deal.contact.pk).exists():
            raise Refused(_("You may not change this customer."))
        for name in names:
            setattr(deal.contact, name, getattr(deal, name))
        deal.contact.save()

    def hear_from(self, contact: Contact, names: Collection[str]) -> bool:
        """Take a new e-mail, phone or mobile of the customer; whether anything is new. Nothing is emptied."""
        deal = cast("Deal", self)
        new = [name for name in names if getattr(contact, name).strip() and not same(name, deal, contact)]
        for name in new:
            setattr(deal, name, getattr(contact, name))
        return bool(new)


def same(name: str, deal: Deal, contact: Contact) -> bool:
    """Whether both have the same address or number, however each is written."""
    one, other = _normal(name, deal, deal.country or contact.country), _normal(name, contact, contact.country)
    return one == other


def _normal(name: str, record: Deal | Contact, country: str) -> str:
    from piste.accounts.models import Company

    text = str(getattr(record, name)).strip()
    if not text:
        return ""
    if name == "email":
        return normalise.email(text)[0] or text.lower()
    return normalise.phone(text, country or Company.get().country)[0] or text
