"""Deals that may be the same business, and the customers that somebody who is not one yet may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from piste.contacts.duplicates import Hit, Kind, best_match, compare, keys_of, similar, similar_contacts
from piste.contacts.gathering import Keys, Place
from piste.contacts.likeness import Names, alike
from piste.contacts.models import Contact
from piste.pipeline.models import Deal

if TYPE_CHECKING:
    from django.db.models import QuerySet


def names_of_deal(deal: Deal) -> Names:
    """What a deal and its customer are called; the linked customer's name goes before what was typed."""
    company, person = deal.company_name, deal.contact_name
    if (contact := deal.contact) is not None:
        if contact.kind == Contact.Kind.COMPANY:
            company = contact.name
        else:
            company, person = (contact.parent.name if contact.parent else company), contact.name
    return Names(company, person, company, deal.name)


def family_of(deal: Deal) -> int | None:
    """The company whose people the deal is with."""
    return None if deal.contact is None else deal.contact.parent_id or deal.contact.pk


def may_be_one(deal: Any, other: Any) -> bool:
    """A customer may buy twice: two opportunities are one only if they are called alike."""
    if Deal.Kind.LEAD in (deal.kind, other.kind):
        return True
    return alike(deal.name.casefold(), other.name.casefold()) >= ALIKE_TITLES


#: How alike the names of two opportunities have to be.
ALIKE_TITLES = 0.9

DEALS: Kind[Deal] = Kind(
    "deal",
    Deal,
    Place(
        table="pipeline_deal",
        words="name_words(name || ' ' || company_name || ' ' || contact_name)",
        index="deal_words",
        family="""contact_id IN (SELECT c.id FROM contacts_contact c
            WHERE c.id = %(family)s OR c.parent_id = %(family)s)""",
        who="name_words(company_name || ' ' || contact_name)",
        pairable="NOT archived AND status = 'open'",
    ),
    columns=("kind", "name", "status", "archived", "company_name", "contact_name", "email", "phone", "owner_id",
             "created_at", "contact__name", "contact__kind", "contact__parent__name", "owner__name", "stage__name",
             "stage__name_en"),
    joins=("contact__parent", "owner", "stage"),
    names_of=names_of_deal,
    by_family=True,
    family_of=family_of,
    pairs=may_be_one,
)  # fmt: skip


compare(DEALS)


def keys_of_deal(deal: Deal) -> Keys:
    """What a deal, saved or not, is recognised by."""
    return keys_of(deal, names_of_deal(deal), family_of(deal))


def similar_deals(keys: Keys, *, among: QuerySet[Deal] | None = None) -> list[Hit[Deal]]:
    """Leads and opportunities that may be what the keys tell of, the most similar first."""
    return similar(keys, DEALS, Deal.objects.all() if among is None else among)


def likely_customers(deal: Deal, *, among: QuerySet[Contact] | None = None) -> list[Hit[Contact]]:
    """Customers that the deal may be about, the most likely first."""
    return similar_contacts(_customer_keys(deal), among=among)


def customer_of(deal: Deal, *, among: QuerySet[Contact] | None = None) -> Hit[Contact] | None:
    """The customer that the deal is most likely about, with the reason."""
    return best_match(_customer_keys(deal), among=among)


def _customer_keys(deal: Deal) -> Keys:
    names = Names(deal.company_name, deal.contact_name, deal.company_name, deal.name)
    keys = keys_of(deal, names, None)
    # The numbers of customers are others than those of deals.
    return Keys(names, keys.email, keys.phones)
