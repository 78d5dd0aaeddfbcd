"""Customers that may be the same: gathered by keys, ranked by how alike they are, with the reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import Q, QuerySet

from piste.accounts.models import Company
from piste.contacts import normalise
from piste.contacts.gathering import Keys, Place, gathered, words_of
from piste.contacts.likeness import SIMILAR, Names, Reason, likeness, weigh
from piste.contacts.models import Contact, DifferentPair, Reachable
from piste.contacts.names import lines_of

R = TypeVar("R", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Hit(Generic[R]):
    """A record that may be the same one: how likely, from 0 to 100, and why."""

    record: R
    score: int
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        """The reasons in words: "same e-mail, similar name"."""
        return ", ".join(str(reason.label) for reason in self.reasons)

    @property
    def is_strong(self) -> bool:
        """Whether it is the same address, which hardly two people have."""
        return Reason.EMAIL in self.reasons


#: From this score on two records are most likely one.
LIKELY = 65


def _no_family(_row: Any) -> int | None:
    return None


def _any_two(_one: Any, _other: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """A kind of records that are compared with each other: where they are, what they are called."""

    key: str
    model: type[R]
    place: Place
    columns: tuple[str, ...]
    joins: tuple[str, ...]
    names_of: Callable[[R], Names]
    #: Whether belonging to one company makes two of them similar: two deals of a customer, not two colleagues.
    by_family: bool = False
    family_of: Callable[[R], int | None] = _no_family
    #: Whether two that are similar may be one, from their kinds and names: for the list of pairs, and imports.
    pairs: Callable[[Any, Any], bool] = _any_two


def similar(keys: Keys, kind: Kind[R], among: QuerySet[R]) -> list[Hit[R]]:
    """Those of the rows that may be what the keys tell of, the most similar first. At most five queries."""
    found = gathered(keys, words_of(keys.names.given(), kind.place), kind.place)
    if found and keys.pk:
        apart = told_apart(kind.key, keys.pk)
        found = {pk: reasons for pk, reasons in found.items() if pk not in apart}
    if not found:
        return []
    rows = list(among.filter(pk__in=found).select_related(*kind.joins).only(*kind.columns))
    called = {row.pk: kind.names_of(row) for row in rows}
    lines = lines_of(chain(keys.names, *called.values()))
    names = keys.names.told(lines)
    hits = []
    for row in rows:
        score, reasons = weigh(found[row.pk], likeness(names, called[row.pk].told(lines)))
        if score >= SIMILAR and (kind.by_family or reasons != (Reason.FAMILY,)):
            hits.append(Hit(row, score, reasons))
    return sorted(hits, key=lambda hit: (-hit.score, hit.record.pk))


def told_apart(kind: str, pk: int) -> set[int]:
    """The records of which somebody has said that they are others than this one."""
    pairs = DifferentPair.objects.filter(Q(first=pk) | Q(second=pk), kind=kind).values_list("first", "second")
    return {other for pair in pairs for other in pair if other != pk}


def names_of_contact(contact: Contact) -> Names:
    if contact.kind == Contact.Kind.COMPANY:
        return Names(company=contact.name)
    return Names(person=contact.name, employer=contact.parent.name if contact.parent else "")


CUSTOMERS: Kind[Contact] = Kind(
    "contact",
    Contact,
    Place(
        table="contacts_contact",
        words="name_words(name)",
        index="contact_words",
        family="(id = %(family)s OR parent_id = %(family)s)",
        who="name_words(name)",
        pairable="NOT archived",
    ),
    columns=(
        "name",
        "kind",
        "email",
        "phone",
        "mobile",
        "city",
        "country",
        "archived",
        "owner_id",
        "parent__name",
    ),
    joins=("parent",),
    names_of=names_of_contact,
)


def keys_of(record: Reachable, names: Names, family: int | None) -> Keys:
    """The keys of a record, saved or not: its address and numbers are normalised as they are now."""
    email, _quality = normalise.email(record.email)
    country = record.country or Company.get().country  # type: ignore[attr-defined]
    numbers = (normalise.phone(text, country)[0] for text in (record.phone, record.mobile))
    return Keys(names, email, tuple(dict.fromkeys(filter(None, numbers))), family, record.pk)


def keys_of_contact(contact: Contact) -> Keys:
    names = names_of_contact(contact)
    return keys_of(contact, names, contact.parent_id or contact.pk)


def similar_contacts(keys: Keys, *, among: QuerySet[Contact] | None = None) -> list[Hit[Contact]]:
    """Customers that may be what the keys tell of, the most similar first; `among` these or all."""
    return similar(keys, CUSTOMERS, Contact.objects.all() if among is None else among)


def best_match(keys: Keys, *, among: QuerySet[Contact] | None = None) -> Hit[Contact] | None:
    """The customer that somebody most likely is, or None where nothing but the domain of the address tells.

    Of people and companies with the same claim a person goes before a company, as the one who was spoken to.
    """
    hits = [hit for hit in similar_contacts(keys, among=_kept(among)) if hit.reasons != (Reason.DOMAIN,)]
    if not hits:
        return None
    return max(hits, key=lambda hit: (hit.score, hit.record.kind == Contact.Kind.PERSON, -hit.record.pk))


def _kept(among: QuerySet[Contact] | None) -> QuerySet[Contact]:
    return (Contact.objects.all() if among is None else among).filter(archived=False)


_kinds: dict[str, Kind[Any]] = {}


def compare(kind: Kind[Any]) -> None:
    """Have the records of a kind searched for pairs. Packages above add theirs."""
    _kinds[kind.key] = kind


def kinds() -> list[Kind[Any]]:
    return list(_kinds.values())


def kind_named(key: str) -> Kind[Any] | None:
    return _kinds.get(key)


compare(CUSTOMERS)
