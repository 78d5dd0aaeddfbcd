"""How deals that may be the same are shown, and customers that a deal may be about."""

from __future__ import annotations

from typing import Any

from piste.contacts.duplicates import Hit
from piste.contacts.similar import customer_shown, reasons_of
from piste.pipeline.duplicates import keys_of_deal, likely_customers, similar_deals
from piste.pipeline.models import Deal, Lead, Opportunity
from piste.ui.similar import Likeness, Similarity

WATCHED = ("name", "contact", "company_name", "contact_name", "email", "phone", "mobile", "country")


def deal_shown(hit: Hit[Deal]) -> Likeness:
    deal = hit.record
    model: Any = Lead if deal.kind == Deal.Kind.LEAD else Opportunity
    state = str(deal.stage) if deal.status == Deal.Status.OPEN else str(deal.get_status_display())
    note = " · ".join(part for part in (deal.who, state, deal.owner.name if deal.owner else "") if part)
    return Likeness(deal, model, note, hit.score, reasons_of(hit.reasons))


def similar_records(deal: Deal) -> list[Likeness]:
    """Leads, opportunities and, while no customer is chosen, customers; the most similar first."""
    shown = [deal_shown(hit) for hit in similar_deals(keys_of_deal(deal))]
    if deal.contact_id is None:
        shown += [customer_shown(hit) for hit in likely_customers(deal)]
    return sorted(shown, key=lambda one: -one.score)


similarity = Similarity(similar_records, WATCHED)
