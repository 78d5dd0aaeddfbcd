"""How deals that may be the same are shown, and customers that a deal may be about."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.contacts.duplicates import LIKELY, Hit
from piste.contacts.models import Contact
from piste.contacts.pairviews import Pairing, different_url, show_pairs
from piste.contacts.similar import customer_shown, reasons_of
from piste.pipeline.duplicates import DEALS, keys_of_deal, likely_customers, may_be_one, similar_deals
from piste.pipeline.models import Deal, Lead, Opportunity
from piste.ui.paths import resolve
from piste.ui.similar import Likeness, Notice, Similarity

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.pipeline.forms import OpportunityForm

WATCHED = ("name", "contact", "company_name", "contact_name", "email", "phone", "mobile", "country")


def deal_shown(hit: Hit[Deal]) -> Likeness:
    deal = hit.record
    state = str(deal.stage) if deal.status == Deal.Status.OPEN else str(deal.get_status_display())
    note = " · ".join(part for part in (deal.who, state, deal.owner.name if deal.owner else "") if part)
    return Likeness(deal, model_of(deal), note, hit.score, reasons_of(hit.reasons))


def similar_records(deal: Deal) -> list[Likeness]:
    """Leads, opportunities and, while no customer is chosen, customers; the most similar first."""
    if (contact := deal.contact) is not None and deal.changed("contact_id"):
        deal = copy(deal)
        deal.take_from(contact, given=deal.given())
    shown = [
        replace(deal_shown(hit), is_strong=_may_be_one(deal, hit))
        for hit in similar_deals(keys_of_deal(deal))
    ]
    if deal.contact_id is None:
        shown += [customer_shown(hit) for hit in likely_customers(deal)]
    return sorted(shown, key=lambda one: -one.score)


def _may_be_one(deal: Deal, hit: Hit[Deal]) -> bool:
    at_work = all(one.status == Deal.Status.OPEN and not one.archived for one in (deal, hit.record))
    return hit.score >= LIKELY and at_work and may_be_one(deal, hit.record)


def notices(form: OpportunityForm, user: User) -> list[Notice]:
    """What the chosen customer fills, and the offer to tell the customer a new address or number."""
    deal, given = form.instance, form.given()
    contact = deal.contact
    if contact is None:
        return []
    found = []
    names = [name for name in deal.differing() if name in given]
    if names and Contact.objects.for_user(user, "change").filter(pk=contact.pk).exists():
        lines = tuple(
            (_label(name), f"{getattr(contact, name) or '—'} → {getattr(deal, name)}") for name in names
        )
        title = _("Also change it on “%(customer)s”") % {"customer": contact}
        found.append(Notice(title, lines, question="update_contact"))
    if deal.changed("contact_id") and (fills := deal.offered_by(contact, given=given)):
        lines = tuple((_label(name), _text(name, value) or "—") for name, value in fills.items())
        found.append(Notice(_("Filled in from the customer"), lines, fills=fills))
    return found


def _label(name: str) -> str:
    return resolve(Deal, name).label


def _text(name: str, value: str) -> str:
    return resolve(Deal, name).print(value)


similarity = Similarity(similar_records, WATCHED, notices, different_url(DEALS))


def model_of(deal: Deal) -> type[Any]:
    """The kind of deal that a screen shows it as."""
    return Lead if deal.kind == Deal.Kind.LEAD else Opportunity


show_pairs(
    Pairing(
        DEALS,
        gettext_lazy("Leads and opportunities"),
        (Opportunity, Lead),
        compared=("kind", "stage", "owner", "contact", "company_name", "contact_name", "email", "phone", "mobile",
                  "city", "expected_revenue", "source", "created_at"),
        joins=("stage", "owner", "contact", "source"),
        model_of=model_of,
    )
)  # fmt: skip
