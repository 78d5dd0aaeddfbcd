"""What a customer's page tells of its deals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piste.contacts.models import Contact
from piste.pipeline.models import Deal, Opportunity
from piste.ui import formats
from piste.ui.pages import Figure

if TYPE_CHECKING:
    from piste.accounts.models import User


def deals_of(contact: Contact, user: User) -> QuerySet[Opportunity]:
    """The deals of a customer and of the people who work for it, within the reader's reach."""
    rows: QuerySet[Opportunity] = Opportunity.objects.for_user(user).filter(
        Q(contact=contact) | Q(contact__parent=contact)
    )
    return rows.select_related("stage", "owner").order_by("-created_at", "-pk")


def worth(contact: Contact, user: User, currency: str) -> list[Figure]:
    """What is open with the customer and what was won, as far as the reader sees it; each leads to its deals."""
    if not user.has_perm("pipeline.view_opportunity"):
        return []
    is_open, is_won = Q(status=Deal.Status.OPEN), Q(status=Deal.Status.WON)
    found = (
        deals_of(contact, user)
        .order_by()
        .filter(archived=False)
        .aggregate(
            open=Sum("expected_revenue", filter=is_open),
            open_count=Count("pk", filter=is_open),
            won=Sum("expected_revenue", filter=is_won),
            won_count=Count("pk", filter=is_won),
        )
    )
    labels = {"open": _("Open amount"), "won": _("Won in total")}
    return [
        Figure(
            label,
            formats.money(found[name] or Decimal(0), currency),
            _many(found[f"{name}_count"]),
            f"/opportunities/?view=list&f={name}&w=contact~within~{contact.pk}"
            if found[f"{name}_count"]
            else "",
        )
        for name, label in labels.items()
    ]


def _many(count: int) -> str:
    return ngettext("%(count)s deal", "%(count)s deals", count) % {"count": formats.number(count)}
