"""How the rows of a file become customers, and how rows of other files find theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.accounts.models import Company
from piste.contacts import normalise
from piste.contacts.batches import Batches
from piste.contacts.duplicates import CUSTOMERS
from piste.contacts.models import Contact
from piste.contacts.similar import customer_shown
from piste.contacts.titles import CUSTOMER
from piste.core.access import permission
from piste.core.text import fold
from piste.ui.exchange.cells import Cell, is_empty, shown
from piste.ui.exchange.columns import Converter, Habits
from piste.ui.exchange.making import BadRow, Made, Maker, Session, register_maker, save_new
from piste.ui.exchange.matching import Vocabulary
from piste.ui.screen import Screen
from piste.ui.similar import Likeness

# Words for the kind of a customer; yes and no answer “is a company”.
_COMPANY = ("true", "1", "yes", "oui", "vrai", "société", "entreprise", "organization", "organisation")
_PERSON = ("false", "0", "no", "non", "faux", "individual", "particulier", "personne", "contact")

#: A new customer, or of one that exists its key, name and kind: there may be very many.
_Kept: TypeAlias = Contact | tuple[int, str, str]

# Columns that may hold several, and where the others go.
_MANY = {"email": "other_emails", "phone": "other_phones", "mobile": "other_phones"}


class Customers:
    """The customers there are, by address and name, and those that this import adds."""

    def __init__(self, session: Session) -> None:
        self.adds = session.user.has_perm(permission(Contact, "add")) and session.plan.customers
        self.user, self.country = session.user, Company.get().country
        self._by_email: dict[str, _Kept] = {}
        self._companies: dict[str, _Kept] = {}
        self._people: dict[tuple[str, str], _Kept] = {}
        rows = Contact.objects.for_user(session.user).filter(archived=False).order_by("-pk")
        columns = ("pk", "name", "kind", "email_normalised", "parent__name")
        for pk, name, kind, email, employer in rows.values_list(*columns).iterator():
            self._keep((pk, name, kind), name, kind, email, employer or "")

    def find(self, *, email: str = "", name: str = "", company: str = "") -> Contact | None:
        """The customer of that address, else of that name; a person of the company before a namesake."""
        address, key = _address(email) if email else "", fold(name)
        if address and address in self._by_email:
            return _contact(self._by_email[address])
        if not key:
            return None
        found = self._people.get((key, fold(company)))
        return _contact(found or (None if company else self._companies.get(key)))

    def company(self, name: str, **columns: Any) -> Contact | None:
        """The company of that name; made, unsaved, where it may be."""
        found = _contact(self._companies.get(fold(name)))
        if found is not None or not self.adds or not name:
            return found
        return self._made(Contact(kind=Contact.Kind.COMPANY, name=name, **columns), "")

    def person(self, name: str, company: Contact | None, **columns: Any) -> Contact | None:
        """The person of that address or name, at the company if there is one; made where it may be."""
        employer = company.name if company is not None else ""
        found = self.find(email=columns.get("email", ""), name=name, company=employer)
        if found is not None or not self.adds or not name:
            return found
        return self._made(Contact(kind=Contact.Kind.PERSON, name=name, parent=company, **columns), employer)

    def _made(self, contact: Contact, employer: str) -> Contact:
        contact.created_by = self.user
        self.add(contact, employer)
        return contact

    def add(self, contact: Contact, employer: str) -> None:
        """Take a new customer in, so that later rows find it."""
        contact.derive(self.country)
        self._keep(contact, contact.name, contact.kind, contact.email_normalised, employer)

    def _keep(self, kept: _Kept, name: str, kind: str, email: str, employer: str) -> None:
        if email:
            self._by_email[email] = kept
        key = fold(name)
        if kind == Contact.Kind.COMPANY:
            self._companies[key] = kept
            return
        self._people[key, fold(employer)] = kept
        self._people.setdefault((key, ""), kept)


@lru_cache(maxsize=4_096)
def _address(text: str) -> str:
    return normalise.email(text)[0]


def _contact(kept: _Kept | None) -> Contact | None:
    """The customer; one that exists, as much of it as pointing at it takes."""
    if kept is None or isinstance(kept, Contact):
        return kept
    pk, name, kind = kept
    contact = Contact(pk=pk, name=name, kind=kind)
    contact._state.adding = False
    return contact


def several(cell: Cell) -> list[str]:
    """The addresses or numbers of one cell: exports put all of a person into one."""
    parts = (part.strip() for part in shown(cell).replace(";", ",").replace("\n", ",").split(","))
    return [part for part in parts if part]


class CustomerMaker(Maker):
    """Customers: a company stands before the people who work for it, wherever it comes in the file."""

    titles: ClassVar[Vocabulary] = CUSTOMER
    further: ClassVar[Mapping[str, Any]] = {
        "first_name": gettext_lazy("First name"),
        "last_name": gettext_lazy("Last name"),
    }
    prefixes: ClassVar[tuple[str, ...]] = ("person", "personne", "organization", "organisation", "contact")
    needed: ClassVar[tuple[str, ...]] = ()
    adds: ClassVar[frozenset[str]] = frozenset(("tags", "source"))
    words: ClassVar[Mapping[str, dict[str, Any]]] = {
        "kind": dict.fromkeys(_COMPANY, "company") | dict.fromkeys(_PERSON, "person"),
        "language": {"fr_FR": "fr", "en_US": "en", "en_GB": "en", "french": "fr", "anglais": "en"},
    }
    free: ClassVar[frozenset[str]] = frozenset(("parent",))
    turns: ClassVar[int] = 2

    def __init__(self, screen: Screen, session: Session) -> None:
        super().__init__(screen, session)
        self.customers = Customers(session)
        self.owner = self.default("owner", session.plan.owner)
        self.batches = Batches(CUSTOMERS)

    def converter(self, name: str, habits: Habits) -> Converter:
        if name in ("first_name", "last_name", "parent"):
            return lambda cell: " ".join(shown(cell).split())[:120]
        convert: Converter = super().converter(name, habits)
        if name in _MANY:
            return lambda cell: [convert(part) for part in several(cell)]
        return convert

    def turn(self, cells: Mapping[str, Cell]) -> int:
        """People who work for a company wait until all companies of the file are known."""
        return 0 if is_empty(cells.get("parent", "")) else 1

    def make(self, values: Mapping[str, Any]) -> Made:
        columns = self._spread(dict(values))
        first, last = columns.pop("first_name", ""), columns.pop("last_name", "")
        employer = columns.pop("parent", "")
        if first or last:
            columns["name"] = " ".join(part for part in (first, last or columns.get("name", "")) if part)
            columns.setdefault("kind", Contact.Kind.PERSON)
        columns = self._named(columns, employer)
        made = super().make(columns)
        contact = made.record
        assert isinstance(contact, Contact)
        self._place(made, contact, employer)
        return made

    @staticmethod
    def _spread(columns: dict[str, Any]) -> dict[str, Any]:
        """The first of several addresses or numbers is the one to use, the others are kept beside it."""
        for name, others in _MANY.items():
            found = columns.pop(name, [])
            if found:
                columns[name] = found[0]
                columns[others] = [*columns.get(others, []), *found[1:]]
        return columns

    def _named(self, columns: dict[str, Any], employer: str) -> dict[str, Any]:
        """Every customer has a name: a person without one is called by its address."""
        if not columns.get("name"):
            columns["name"] = columns.get("email") or employer
        if not columns["name"]:
            raise BadRow("name", _("The name is missing."))
        if employer and fold(employer) != fold(columns["name"]):
            columns.setdefault("kind", Contact.Kind.PERSON)
        return columns

    def _place(self, made: Made, contact: Contact, employer: str) -> None:
        if not self.session.plan.again:
            self._refuse_known(contact, employer)
        if employer and fold(employer) != fold(contact.name):
            company = self.customers.company(employer)
            if company is None:
                raise BadRow("parent", _("There is no company “%(name)s”.") % {"name": employer})
            contact.parent = company
            made.before += [company] if company.pk is None else []
        if contact.owner_id is None:
            contact.owner = self.owner
        self.customers.add(contact, employer)

    def _refuse_known(self, contact: Contact, employer: str) -> None:
        known = self.customers.find(email=contact.email, name=contact.name, company=employer)
        if known is not None:
            raise BadRow("name", _("This customer is known already: “%(name)s”.") % {"name": known.name})

    def similar(self, made: Sequence[Made]) -> Sequence[Likeness | None]:
        hits = self.batches.similar([one.record for one in made])
        return [customer_shown(hit) if hit else None for hit in hits]

    def save(self, made: Sequence[Made]) -> None:
        save_new(one.record for one in made)


register_maker(Contact, CustomerMaker)
