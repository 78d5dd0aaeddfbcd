"""How customers become one: which survives, and what it takes from the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from piste.contacts.apart import keep_apart
from piste.contacts.events import ContactsMerged
from piste.contacts.models import Contact
from piste.core.combining import Fields, Part, Records, Rules, earliest, every, fullest, link, own, put
from piste.core.events import publish
from piste.core.merge import absorb, locked, when_merged

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.contacts.contactqueries import ContactQuerySet


def rank(contact: Contact) -> tuple[object, ...]:
    """The best comes first: in use, a company, and the older one."""
    return contact.archived, contact.kind != "company", contact.pk


def strictest(contacts: Records, fields: Fields) -> tuple[int, ...]:
    """Who has refused to one has refused to all; who has agreed is asked no more."""
    answers = [getattr(contact, fields[0]) for contact in contacts]
    found = next((answer for answer in ("refused", "given") if answer in answers), answers[0])
    return (answers.index(found),)


def outside(contacts: Records, _fields: Fields) -> tuple[int, ...]:
    """The first employer that is not one of these, nor works for one of them."""
    for place, contact in enumerate(contacts):
        if contact.parent_id and not _leads_back(contact.parent, {row.pk for row in contacts}):
            return (place,)
    free = (place for place, contact in enumerate(contacts) if contact.parent_id is None)
    return (next(free, 0),)


def _leads_back(employer: Contact, merged: set[int]) -> bool:
    seen: set[int] = set()
    above: Contact | None = employer
    while above is not None and above.pk not in seen:
        if above.pk in merged:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


def in_use(contacts: Records, _fields: Fields) -> tuple[int, ...]:
    """Put away only if all were."""
    return (next((place for place, contact in enumerate(contacts) if not contact.archived), 0),)


CONTACTS = Rules(
    parts=(
        Part(("name",)),
        Part(("kind",), own),
        Part(("parent",), outside),
        Part(("job_position",)),
        Part(("email",)),
        Part(("phone",)),
        Part(("mobile",)),
        Part(("website",)),
        Part(("other_emails",), every, several=True),
        Part(("other_phones",), every, several=True),
        Part(("street", "street2", "postcode", "city", "state", "country"), fullest, label=_("Address")),
        Part(("invoice_address",)),
        Part(("delivery_address",)),
        Part(("tags",), every, several=True),
        Part(("owner",)),
        Part(("team",)),
        Part(("source",)),
        Part(("language",)),
        Part(("vat",)),
        Part(("siren",)),
        Part(("siret",)),
        Part(("naf",)),
        Part(("headcount",)),
        Part(("email_consent",), strictest),
        Part(("phone_consent",), strictest),
        Part(("notes",), every, several=True),
        Part(("created_at", "created_by"), earliest, fixed=True),
        Part(("archived",), in_use, fixed=True),
    ),
    rank=rank,
)


@when_merged(Contact)
def told_apart(others: Sequence[Contact], survivor: Contact, _at: datetime) -> None:
    keep_apart("contact", others, survivor)


def merge_contacts(
    rows: ContactQuerySet, target: Contact, values: Mapping[str, Any], *, by: User, at: datetime
) -> Contact:
    """Make the rows and the target one. The caller's target is read afresh."""
    with transaction.atomic():
        contacts: list[Contact] = CONTACTS.ordered(
            locked(rows.order_by().values_list("pk", flat=True), target), target
        )
        survivor, *others = contacts
        result = CONTACTS.columns(contacts) | dict(values)
        _keep_addresses(contacts, result)
        put(survivor, result)
        if survivor.parent is not None and _leads_back(survivor.parent, {row.pk for row in contacts}):
            survivor.parent = None
        absorb(others, survivor, at=at)
        survivor.save()
        link(survivor, result)
        target.refresh_from_db()
        publish(ContactsMerged(survivor=survivor.pk, others=tuple(row.pk for row in others), by=by.pk))
    return survivor


def _keep_addresses(contacts: Sequence[Contact], result: dict[str, Any]) -> None:
    """E-mail addresses and numbers that are not chosen go to the other ones: somebody may still write there."""
    mails = [row.email for row in contacts]
    numbers = [number for row in contacts for number in (row.phone, row.mobile)]
    for name, typed, taken in (
        ("other_emails", mails, (result["email"],)),
        ("other_phones", numbers, (result["phone"], result["mobile"])),
    ):
        known = {_key(one) for one in (*result[name], *taken)}
        fresh = {_key(one): one for one in typed if one and _key(one) not in known}
        result[name] = [*result[name], *fresh.values()]


def _key(typed: str) -> str:
    return "".join(typed.split()).lower()
