"""How customers that may be the same are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.contacts.duplicates import CUSTOMERS, LIKELY, Hit, keys_of_contact, similar_contacts
from piste.contacts.likeness import Reason
from piste.contacts.models import Contact
from piste.contacts.pairviews import Pairing, different_url, show_pairs
from piste.ui.similar import Likeness, Similarity

WATCHED = ("name", "kind", "parent", "email", "phone", "mobile", "country")


def reasons_of(reasons: Iterable[Reason]) -> tuple[tuple[str, str], ...]:
    return tuple((reason.value, str(reason.label)) for reason in reasons)


def customer_shown(hit: Hit[Contact]) -> Likeness:
    contact = hit.record
    archived = _("archived") if contact.archived else ""
    parts = (contact.parent.name if contact.parent else "", contact.city, contact.email, archived)
    note = " · ".join(part for part in parts if part)
    return Likeness(contact, Contact, note, hit.score, reasons_of(hit.reasons))


def similar_customers(contact: Contact) -> list[Likeness]:
    hits = similar_contacts(keys_of_contact(contact))
    return [replace(customer_shown(hit), is_strong=_may_be_one(contact, hit)) for hit in hits]


def _may_be_one(contact: Contact, hit: Hit[Contact]) -> bool:
    return hit.score >= LIKELY and not contact.archived and not hit.record.archived


similarity = Similarity(similar_customers, WATCHED, different=different_url(CUSTOMERS))

show_pairs(
    Pairing(
        CUSTOMERS,
        gettext_lazy("Customers"),
        (Contact,),
        compared=("kind", "parent", "job_position", "email", "phone", "mobile", "website", "street", "postcode",
                  "city", "country", "owner", "created_at"),
        joins=("parent", "owner"),
        model_of=lambda _contact: Contact,
    )
)  # fmt: skip
