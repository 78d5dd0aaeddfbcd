"""The pipeline as a board: what a card says, what a lane is, and the figures above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from piste.pipeline.models import Deal, Stage
from piste.ui import formats
from piste.ui.modes import LaneFacts, Look, Printing, Segment
from piste.ui.pages import Figure
from piste.ui.search import period_filter

TAGS_SHOWN = 3

#: The columns a card needs, so that a board reads no more.
CARD_COLUMNS = (
    "name", "status", "priority", "colour", "expected_revenue", "recurring_monthly", "probability",
    "expected_close", "stage_changed_at", "stage__rotting_days", "company_name", "contact_name",
    "contact__name", "contact__parent__name", "owner_id", "owner__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """An opportunity as a card shows it."""

    pk: int
    url: str
    name: str
    tags: list[tuple[str, str]]
    more_tags: int
    who: str
    money: str
    monthly: str
    probability: int
    priority: int
    close: str
    close_tone: str
    age: str
    rotting: bool
    owner_initials: str
    owner_name: str
    owner_tone: int
    colour: str
    status: str
    described: str


def card(row: Any, tags: Sequence[Any], printing: Printing) -> Card:
    """The card of a deal, from the columns above."""
    age = (printing.now - row.stage_changed_at).days
    is_open = row.status == Deal.Status.OPEN
    limit = row.stage__rotting_days
    close = formats.day(row.expected_close)
    money = formats.money(row.expected_revenue, printing.currency)
    owner = row.owner__name or ""
    return Card(
        pk=row.id,
        url=f"/opportunities/{row.id}/",
        name=row.name,
        tags=[(str(tag), tag.colour) for tag in tags[:TAGS_SHOWN]],
        more_tags=max(0, len(tags) - TAGS_SHOWN),
        who=_who(row),
        money=money,
        monthly=_monthly(row, printing.currency) if row.recurring_monthly else "",
        probability=round(row.probability),
        priority=row.priority,
        close=close,
        close_tone="late" if is_open and row.expected_close and row.expected_close < printing.today else "",
        age=formats.days_short(age) if is_open and age > 0 else "",
        rotting=is_open and limit is not None and age > limit,
        owner_initials=formats.initials(owner) if owner else "",
        owner_name=owner,
        owner_tone=(row.owner_id or 0) % 8,
        colour=row.colour,
        status=row.status,
        described=f"{money}, {close}" if close else money,
    )


def _who(row: Any) -> str:
    """Company · person, as `Deal.who`."""
    if row.contact__name is None:
        return " · ".join(part for part in (row.company_name, row.contact_name) if part)
    above = row.contact__parent__name
    return f"{above} · {row.contact__name}" if above else str(row.contact__name)


def _monthly(row: Any, currency: str) -> str:
    return _("%(amount)s/month") % {"amount": formats.money(row.recurring_monthly, currency)}


def _week_end() -> date:
    today = timezone.localdate()
    return today + timedelta(days=6 - today.weekday())


CLOSED = "planned-closed"

#: The bar of a lane by expected closing; a closed deal counts with those that are on time.
SEGMENTS = (
    Segment(CLOSED, pgettext_lazy("several", "closed"), "planned", lambda: ~Q(status="open")),
    Segment("none", gettext_lazy("no closing date"), "none", lambda: Q(expected_close=None)),
    Segment(
        "late", gettext_lazy("closing passed"), "late", lambda: Q(expected_close__lt=timezone.localdate())
    ),
    Segment("today", gettext_lazy("closing this week"), "today", lambda: Q(expected_close__lte=_week_end())),
    Segment("planned", gettext_lazy("closing later"), "planned", lambda: Q(expected_close__isnull=False)),
)


def stages_of(look: Look) -> list[Stage]:
    """The stages a board always shows: shared ones and those of the reader's teams."""
    own = Q(team=None) | Q(team__memberships__user=look.user) | Q(team__leader=look.user)
    if look.user.has_perm("pipeline.all_deals"):
        own = Q()
    return list(Stage.objects.for_user(look.user).filter(own).distinct().order_by("position", "pk"))


def stage_facts(stage: Stage) -> LaneFacts:
    return LaneFacts(colour=stage.colour, hint=stage.requirements, won=stage.is_won, folded=stage.folded)


def month_sums(look: Look) -> dict[str, Aggregate]:
    """What closes this month and what was won in it."""
    this_month = period_filter(Deal, "expected_close", "month").condition(look.user) & Q(status="open")
    won_month = period_filter(Deal, "closed_at", "month").condition(look.user) & Q(status="won")
    return {
        "closing": Sum("expected_revenue", filter=this_month),
        "closings": Count("stage_id", filter=this_month),
        "won": Sum("expected_revenue", filter=won_month),
        "wins": Count("stage_id", filter=won_month),
    }


def sums(look: Look) -> dict[str, Aggregate]:
    """The same and what is open."""
    is_open = Q(status="open")
    return month_sums(look) | {
        "opens": Count("stage_id", filter=is_open),
        "revenue": Sum("expected_revenue", filter=is_open),
        "prorated": Sum("prorated_revenue", filter=is_open),
        "monthly": Sum("recurring_monthly", filter=is_open),
    }


def open_parts(parts: dict[str, list[Any]]) -> dict[str, Any]:
    """What is open, from the segments of a board: all but the closed one."""
    rows = [values for name, values in parts.items() if name != CLOSED]
    added = [sum(column) for column in zip(*rows, strict=True)] or [0, 0, 0, 0]
    return dict(zip(("opens", "revenue", "prorated", "monthly"), added, strict=True))


def figures(look: Look, found: dict[str, Any]) -> list[Figure]:
    """The sums as printed above the board, each with the address of its records."""

    def money(name: str) -> str:
        return formats.money(found[name] or 0, look.currency)

    whose = tuple(n for n in look.screen.search.chosen(look.state) if n in ("mine", "my-teams", "unassigned"))
    shown = [
        Figure(str(pgettext_lazy("sum of deals", "Open")), money("revenue"), formats.number(found["opens"] or 0),
               look.address(filters=(*whose, "open"))),
        Figure(_("Prorated"), money("prorated")),
        Figure(_("Closing this month"), money("closing"), formats.number(found["closings"] or 0),
               look.address(filters=(*whose, "open", "expected_close:month"))),
        Figure(_("Won this month"), money("won"), formats.number(found["wins"] or 0),
               look.address(filters=(*whose, "won-lately"))),
    ]  # fmt: skip
    if found["monthly"]:
        shown.insert(2, Figure(_("Recurring per month"), money("monthly")))
    return shown
