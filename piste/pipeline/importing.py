"""How the rows of a file become leads and opportunities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, ClassVar, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.contacts.batches import Batches
from piste.contacts.importing import Customers, several
from piste.contacts.models import Contact
from piste.pipeline.duplicates import DEALS
from piste.pipeline.models import Deal, Stage
from piste.pipeline.models.deriving import Known
from piste.pipeline.similar import deal_shown
from piste.pipeline.titles import DEAL
from piste.ui.exchange.cells import Cell, shown
from piste.ui.exchange.columns import Converter, Habits
from piste.ui.exchange.making import BadRow, Made, Maker, Session, register_maker, save_new
from piste.ui.exchange.matching import Vocabulary, normal
from piste.ui.exchange.values import truth
from piste.ui.screen import Screen
from piste.ui.similar import Likeness

_PERSON = ("job_position", "email", "phone", "mobile")
_PLACE = ("street", "street2", "postcode", "city", "state", "country")
_LONGEST_NAME = 160

#: HubSpot keeps the end of a deal in its stage.
_WON_STAGES = frozenset(("closed won", "closedwon", "ferme gagne", "fermee gagnee", "conclu et gagne"))
_LOST_STAGES = frozenset(("closed lost", "closedlost", "ferme perdu", "fermee perdue", "conclu et perdu"))


class DealMaker(Maker):
    """Deals: their customer is found or made, and status, stage and closing day agree."""

    titles: ClassVar[Vocabulary] = DEAL
    further: ClassVar[Mapping[str, Any]] = {
        "status": gettext_lazy("Status"),
        "lost_reason": gettext_lazy("Lost reason"),
        "lost_note": gettext_lazy("Closing note"),
        "created_at": gettext_lazy("Created"),
        "closed_at": gettext_lazy("Closed"),
        "won_at": gettext_lazy("Won on"),
        "lost_at": gettext_lazy("Lost on"),
        "assigned_at": gettext_lazy("Assigned on"),
        "stage_changed_at": gettext_lazy("In stage since"),
        "active": gettext_lazy("Active"),
    }
    prefixes: ClassVar[tuple[str, ...]] = ("deal", "affaire", "lead", "opportunity", "transaction")
    needed: ClassVar[tuple[str, ...]] = ()
    adds: ClassVar[frozenset[str]] = frozenset(("tags", "source", "medium", "campaign", "lost_reason"))
    free: ClassVar[frozenset[str]] = frozenset(("contact",))
    words: ClassVar[Mapping[str, dict[str, Any]]] = {
        "status": {
            "ouvert": "open", "ouverte": "open", "en cours": "open", "pending": "open", "in progress": "open",
            "gagné": "won", "gagnée": "won", "closed won": "won", "fermé gagné": "won",
            "perdu": "lost", "perdue": "lost", "closed lost": "lost", "fermé perdu": "lost",
        },
        "priority": {
            "faible": 0, "basse": 0, "normale": 0, "normal": 0, "moyenne": 1, "haute": 2, "élevée": 2,
            "très haute": 3, "très élevée": 3, "urgent": 3, "urgente": 3, "★": 1, "★★": 2, "★★★": 3,
            "☆☆☆": 0, "★☆☆": 1, "★★☆": 2,
        },
        "language": {"fr_FR": "fr", "en_US": "en", "en_GB": "en", "français": "fr", "anglais": "en"},
    }  # fmt: skip

    def __init__(self, screen: Screen, session: Session) -> None:
        super().__init__(screen, session)
        self.known = Known()
        self.customers = Customers(session)
        self.batches = Batches(DEALS)
        self.owner = self.default("owner", session.plan.owner)
        self.kind = screen.model._default_manager.kind  # type: ignore[attr-defined]

    def converter(self, name: str, habits: Habits) -> Converter:
        if name == "contact":
            return lambda cell: " ".join(shown(cell).split())[:_LONGEST_NAME]
        if name in ("won_at", "lost_at"):
            return super().converter("closed_at", habits)
        if name == "active":
            return truth
        convert = super().converter(name, habits)
        if name in ("email", "phone", "mobile"):
            return lambda cell: convert(next(iter(several(cell)), ""))
        if name in ("contact_name", "company_name"):
            return lambda cell: convert(_one_name(shown(cell)))
        return self._stage(convert) if name == "stage" else convert

    def _stage(self, convert: Converter) -> Converter:
        """A stage of the pipeline, or the word `won` or `lost` where the file means the end."""

        def stage(cell: Cell) -> Any:
            word = _plain(cell)
            knows = self.reference("stage").knows(cell)
            if not knows and word in _WON_STAGES:
                return Deal.Status.WON
            if not knows and word in _LOST_STAGES:
                return Deal.Status.LOST
            return convert(cell)

        return stage

    def unknown(self, name: str, cells: Iterable[Cell]) -> list[Cell]:
        ends = _WON_STAGES | _LOST_STAGES
        return [cell for cell in super().unknown(name, cells) if name != "stage" or _plain(cell) not in ends]

    def make(self, values: Mapping[str, Any]) -> Made:
        columns = dict(values)
        status = self._status(columns)
        given = {name: columns.pop(name, None) for name in ("closed_at", "assigned_at", "stage_changed_at")}
        customer = columns.pop("contact", "")
        made = super().make(columns)
        deal = cast("Deal", made.record)
        deal.kind = self.kind
        if deal.owner_id is None:
            deal.owner = self.owner
        deal.team_id = self.known.team_of(deal.owner_id, deal.team_id, self.kind)
        self._join(made, deal, customer)
        self._name(deal)
        self._place(deal, status)
        self._date(deal, given)
        return made

    def _status(self, columns: dict[str, Any]) -> str:
        """Open, won or lost, from whichever column tells; empty where none does."""
        status = columns.pop("status", "")
        won_at, lost_at = columns.pop("won_at", None), columns.pop("lost_at", None)
        is_active = columns.pop("active", True)
        if isinstance(columns.get("stage"), str):
            status = status or columns.pop("stage")
            columns.pop("stage", None)
        if not status and (columns.get("lost_reason") or lost_at or not is_active):
            status = Deal.Status.LOST
        if not status and won_at:
            status = Deal.Status.WON
        ended = won_at if status == Deal.Status.WON else lost_at
        if ended and not columns.get("closed_at"):
            columns["closed_at"] = ended
        if status != Deal.Status.LOST:
            columns.pop("lost_reason", None)
            columns.pop("lost_note", None)
        return str(status)

    def _join(self, made: Made, deal: Deal, customer: str) -> None:
        """Point the deal at its customer: found by address or name, or made of what the row says."""
        company, _comma, person = customer.partition(", ")
        found = self.customers.find(email=deal.email if not customer else "", name=customer)
        if found is None and customer and not deal.company_name:
            # Odoo writes a person as “company, person”.
            names = (company, person) if person and not deal.contact_name else (customer, deal.contact_name)
            found = self._made_customer(made, deal, *names)
        elif found is None:
            found = self._made_customer(made, deal, deal.company_name or customer, deal.contact_name)
        if found is not None:
            deal.contact = found

    def _made_customer(self, made: Made, deal: Deal, company_name: str, person_name: str) -> Contact | None:
        place = {name: getattr(deal, name) for name in _PLACE}
        person = {name: getattr(deal, name) for name in _PERSON}
        alone = {} if person_name else {name: person[name] for name in ("email", "phone", "mobile")}
        company = self.customers.company(company_name, website=deal.website, **place, **alone)
        contact = self.customers.person(person_name, company, **place, **person) if person_name else None
        for row in (company, contact):
            if row is not None and row.pk is None:
                made.before.append(row)
        return contact or company

    def _name(self, deal: Deal) -> None:
        """A deal without a name is called after its customer, as in quick create."""
        who = deal.contact.name if deal.contact is not None else deal.company_name or deal.contact_name
        if not deal.name and who:
            deal.name = (_("%(customer)s’s opportunity") % {"customer": who})[:_LONGEST_NAME]
        if not deal.name:
            raise BadRow("name", _("The name is missing."))

    def _place(self, deal: Deal, status: str) -> None:
        """Bring stage and status together: won deals stand in a won stage, and only they do."""
        stage = self.known.stage(deal.stage_id) or self.known.first_stage(deal.team_id)
        if not stage.serves(deal.team_id):
            raise BadRow("stage", _("“%(stage)s” belongs to another team.") % {"stage": stage})
        status = status or (Deal.Status.WON if stage.is_won else Deal.Status.OPEN)
        if status == Deal.Status.OPEN and stage.is_won:
            raise BadRow(
                "status", _("An open deal cannot be in “%(stage)s”, where deals are won.") % {"stage": stage}
            )
        if stage.is_won != (status == Deal.Status.WON):
            stage = self._end_stage(deal, stage, won=status == Deal.Status.WON)
        deal.stage, deal.status = stage, status

    def _end_stage(self, deal: Deal, stage: Stage, *, won: bool) -> Stage:
        """The next won stage after this one, or for a lost deal the last open one."""
        stages = [one for one in self.known.stages_of(deal.team_id) if one.is_won == won]
        if not stages:
            raise BadRow("stage", _("There is no stage for this deal. Ask a manager to add one."))
        after = [one for one in stages if one.position > stage.position]
        return after[0] if won and after else stages[-1]

    def _date(self, deal: Deal, given: Mapping[str, datetime | None]) -> None:
        """Set the moments of the deal's life; what the file does not say is when it was imported."""
        at = self.session.at
        closed_at = given["closed_at"]
        if deal.status == Deal.Status.OPEN:
            deal.closed_at = None
        else:
            deal.closed_at = closed_at or self._closing(deal) or at
        deal.derive(at=deal.closed_at or at, known=self.known)
        if deal.owner_id is not None:
            deal.assigned_at = given["assigned_at"] or min(deal.created_at, deal.closed_at or at)
        deal.stage_changed_at = given["stage_changed_at"] or deal.stage_changed_at

    def _closing(self, deal: Deal) -> datetime | None:
        """Where a file has one closing day only, it is that of the end for deals that have ended."""
        if deal.expected_close is None or deal.expected_close > self.session.today:
            return None
        return datetime.combine(deal.expected_close, time(12), self.session.zone)

    def similar(self, made: Sequence[Made]) -> Sequence[Likeness | None]:
        hits = self.batches.similar([one.record for one in made])
        return [deal_shown(hit) if hit else None for hit in hits]

    def save(self, made: Sequence[Made]) -> None:
        save_new(one.record for one in made)


def _one_name(text: str) -> str:
    """HubSpot writes `Marie Durand (marie@durand.example); Paul Durand (…)`."""
    first = text.split(";", maxsplit=1)[0]
    name, bracket, rest = first.partition(" (")
    return name if bracket and "@" in rest else first


def _plain(cell: Cell) -> str:
    return normal(shown(cell))


register_maker(Deal, DealMaker)
