"""What a conversion would do, said before it is done: each record and field that is created or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from piste.contacts.models import Contact
from piste.core.text import fold
from piste.pipeline.conversion import CONVERT, CREATE, EXISTING, MERGE, Step
from piste.pipeline.merging import DEALS
from piste.pipeline.models import Deal, Lead, Opportunity
from piste.pipeline.models.converting import PLACE, lacks
from piste.pipeline.models.deriving import Known
from piste.ui.paths import resolve

if TYPE_CHECKING:
    from piste.accounts.models import Team, User

ALIKE = 80
COMPARED = ("name", "company_name", "contact_name", "email", "phone", "city", "source")
#: What a customer that is made of a lead may hold.
HELD = ("email", "phone", "mobile", "website", "job_position", *PLACE)
#: What a merge is not worth telling of.
SILENT = frozenset(("created_at", "created_by", "opened_at", "archived", "kind", "converted_at", "colour"))


@dataclass(frozen=True, slots=True)
class Compared:
    """A field of the lead beside that of a similar record: equal, alike, other, or known to one only."""

    label: str
    ours: str
    theirs: str
    state: str

    @property
    def sign(self) -> str:
        return {"equal": "=", "alike": "≈", "more": "+", "less": "−", "other": "≠"}.get(self.state, "")

    @property
    def told(self) -> str:
        words = {
            "equal": _("the same"),
            "alike": _("alike"),
            "more": _("only in the lead"),
            "less": _("only in the opportunity"),
            "other": _("different"),
        }
        return words.get(self.state, "")


@dataclass(frozen=True, slots=True)
class Effect:
    """One record that a conversion touches, and its fields."""

    icon: str
    tone: str
    title: str
    details: tuple[str, ...] = ()


def compared(lead: Deal, other: Deal) -> list[Compared]:
    rows = []
    for name in COMPARED:
        ours, theirs = _said(lead, name), _said(other, name)
        rows.append(Compared(_label(Deal, name), ours, theirs, _state(lead, other, name, ours, theirs)))
    return [row for row in rows if row.ours or row.theirs]


def _said(deal: Deal, name: str) -> str:
    """The value; what a deal does not say of its customer, the customer says."""
    text = resolve(Deal, name).text(deal)
    contact = deal.contact
    if text or contact is None:
        return text
    if name == "company_name":
        return contact.family.name if contact.family.is_company else ""
    if name == "contact_name":
        return "" if contact.is_company else contact.name
    return str(getattr(contact, name, "") or "") if name in HELD else ""


def _state(lead: Deal, other: Deal, name: str, ours: str, theirs: str) -> str:
    if not (ours and theirs):
        return "more" if ours else "less"
    same = {
        "email": lead.email_normalised and lead.email_normalised == other.email_normalised,
        "phone": lead.phone_e164 and lead.phone_e164 == other.phone_e164,
    }
    if fold(ours) == fold(theirs) or same.get(name):
        return "equal"
    return "alike" if fuzz.token_set_ratio(fold(ours), fold(theirs)) >= ALIKE else "other"


def effects_of(
    lead: Lead,
    *,
    merge_with: Opportunity | None,
    customer_action: str,
    customer: Contact | None,
    owner: User | None,
    team: Team | None,
) -> list[Effect]:
    """What would be created and changed, record by record."""
    if merge_with is not None:
        return _merge_effects(lead, merge_with)
    effects = [_opportunity(lead, owner, team)]
    if customer_action == CREATE:
        effects += [_made(contact, lead) for contact in lead.new_customers()]
    elif customer_action == EXISTING and customer is not None:
        effects.append(_linked(customer, lead))
    return effects


def _opportunity(lead: Lead, owner: User | None, team: Team | None) -> Effect:
    known = Known()
    where = team.pk if team else known.team_of(owner.pk if owner else None, lead.team_id)
    details = [_line(_label(Deal, "stage"), str(known.stage_near(lead.stage, where)))]
    if owner != lead.owner:
        details.append(_change(_label(Deal, "owner"), lead.owner or _("Nobody"), owner or _("Nobody")))
    if where != lead.team_id:
        name = team or next((one for one in known.teams if one.pk == where), None)
        details.append(_change(_label(Deal, "team"), lead.team or "—", name or "—"))
    return Effect("plus", "new", _("Opportunity “%(name)s”") % {"name": lead}, tuple(details))


def _made(contact: Contact, lead: Lead) -> Effect:
    kind = _("New company “%(name)s”") if contact.is_company else _("New person “%(name)s”")
    details = [_line(_label(Contact, name), resolve(Contact, name).text(contact)) for name in HELD
               if getattr(contact, name)]  # fmt: skip
    if contact.parent is not None:
        details.insert(0, _line(_label(Contact, "parent"), contact.parent.name))
    return Effect("plus", "new", kind % {"name": contact.name}, tuple(details))


def _linked(customer: Contact, lead: Lead) -> Effect:
    added = lacks(customer, lead) if customer.pk != lead.contact_id else {}
    details = tuple(
        _("%(field)s added: %(value)s") % {"field": _label(Contact, name), "value": value}
        for name, value in added.items()
    )
    title = _("Customer “%(name)s”") % {"name": customer}
    return Effect("link", "kept", title, details or (_("Linked; nothing is created or changed."),))


def _merge_effects(lead: Lead, other: Opportunity) -> list[Effect]:
    values = DEALS.values([other, lead])
    details = []
    for name, value in values.items():
        before = getattr(other, name)
        if name in SILENT or before == value:
            continue
        details.append(_change(_label(Deal, name), _text(name, before), _text(name, value)))
    kept = Effect("git-merge", "kept", _("Opportunity “%(name)s”") % {"name": other},
                  tuple(details) or (_("Keeps all its values."),))  # fmt: skip
    gone = Effect("link", "kept", _("Lead “%(name)s”") % {"name": lead},
                  (_("Becomes part of it, with all its history; its address leads there."),))  # fmt: skip
    return [kept, gone]


def _text(name: str, value: Any) -> str:
    return resolve(Deal, name).print(value) if value not in (None, "") else "—"


def _label(model: Any, name: str) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))


def _line(label: str, value: str) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def _change(label: str, before: object, after: object) -> str:
    return _("%(label)s: %(before)s → %(after)s") % {"label": label, "before": before, "after": after}


@dataclass(frozen=True, slots=True)
class Row:
    """A lead of many in the table of what would become of each."""

    lead: Lead
    act_label: str
    tone: str
    note: str
    customer: str
    owner: str


def rows_of(steps: Sequence[Step]) -> list[Row]:
    labels = {CONVERT: (_("Convert"), "green"), MERGE: (_("Merge"), "violet")}
    rows = []
    for step in steps:
        label, tone = labels.get(step.act, (_("Leave out"), "grey"))
        is_converted = step.act == CONVERT
        owner = str(step.owner) if step.owner else _("Nobody")
        rows.append(
            Row(step.lead, label, tone, _row_note(step), _row_customer(step) if is_converted else "—",
                owner if is_converted else "—")
        )  # fmt: skip
    return rows


def _row_note(step: Step) -> str:
    if step.act == MERGE:
        return _("into “%(record)s”: %(reason)s") % {"record": step.into, "reason": step.reason}
    if step.act == CONVERT and step.others:
        names = ", ".join(f"“{other}”" for other in step.others)
        return _("takes in %(records)s") % {"records": names}
    return step.reason


def _row_customer(step: Step) -> str:
    if step.makes_customer:
        return _("New: %(name)s") % {"name": " · ".join(one.name for one in step.lead.new_customers())}
    return str(step.customer or step.lead.contact or "—")
