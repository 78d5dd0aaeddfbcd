"""What there is to celebrate about a win: one true sentence, or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from piste.accounts.models import User
from piste.contacts.countries import country_name
from piste.pipeline.models import Deal, Stage

MONTH, WEEK = 30, 7
STREAK, MANY = 3, 5
#: A deal that was entered when it was already won tells nothing about the way there.
LIVED = timedelta(hours=1)


def reason_for(deal: Deal, *, at: datetime) -> str | None:
    """The best reason to celebrate a deal that was won just now, on the clock of its salesperson."""
    if deal.owner is None or deal.status != Deal.Status.WON:
        return None
    win = Win(deal, deal.owner, at)
    return next((text for rule in RULES if (text := rule(win)) is not None), None)


class Win:
    """A deal just won, and the wins before it that it is measured against."""

    def __init__(self, deal: Deal, owner: User, at: datetime) -> None:
        self.deal = deal
        self.owner = owner
        self.clock = ZoneInfo(owner.time_zone)
        self.today = at.astimezone(self.clock).date()
        # Opportunities that are not put away, as the index of closed ones has them.
        others: QuerySet[Deal] = Deal.objects.won().shown().exclude(pk=deal.pk)
        self.others = others.filter(kind=Deal.Kind.OPPORTUNITY, closed_at__lte=at)

    def start(self, days_ago: int) -> datetime:
        """Midnight at which a day began."""
        return datetime.combine(self.today - timedelta(days_ago), time.min, self.clock)

    def on(self, days_ago: int) -> Q:
        """Closed on that day."""
        return Q(closed_at__gte=self.start(days_ago), closed_at__lt=self.start(days_ago - 1))

    def since(self, days_ago: int) -> Q:
        return Q(closed_at__gte=self.start(days_ago))

    @cached_property
    def before(self) -> dict[str, Any]:
        """What the salesperson and the team won in the last thirty days, in one query."""
        own, team = Q(owner=self.owner), Q(team=self.deal.team_id)
        lived = F("closed_at") - F("created_at")
        days = {f"day_{back}": Count("pk", filter=own & self.on(back)) for back in range(STREAK)}
        return self.others.filter(own | team, self.since(MONTH)).aggregate(
            team_month=Max("expected_revenue", filter=team),
            team_week=Max("expected_revenue", filter=team & self.since(WEEK)),
            own_month=Max("expected_revenue", filter=own),
            own_week=Max("expected_revenue", filter=own & self.since(WEEK)),
            quickest=Min(lived, filter=team & Q(closed_at__gte=F("created_at") + LIVED)),
            **days,
        )

    def beats(self, record: str) -> bool:
        """Whether the deal is worth strictly more than the best of the others, and there are others."""
        best = self.before[record]
        return best is not None and self.deal.expected_revenue > best

    @cached_property
    def first_stage(self) -> Stage | None:
        """Where deals of the team begin."""
        rows = Stage.objects.of_team(self.deal.team_id).filter(is_won=False, folded=False)
        return rows.order_by("position", "pk").first()

    @cached_property
    def lived(self) -> timedelta:
        return (self.deal.closed_at or self.deal.created_at) - self.deal.created_at


def first_of_year(win: Win) -> str | None:
    january = win.start(0).replace(month=1, day=1)
    if win.others.filter(owner=win.owner, closed_at__gte=january).exists():
        return None
    return _("First deal of the year for %(name)s!") % {"name": win.owner.name}


def team_record(win: Win) -> str | None:
    if win.deal.team_id is None:
        return None
    if win.beats("team_month"):
        return _("The biggest deal of %(team)s in 30 days!") % {"team": win.deal.team}
    if win.beats("team_week"):
        return _("The biggest deal of %(team)s in 7 days!") % {"team": win.deal.team}
    return None


def own_record(win: Win) -> str | None:
    if win.beats("own_month"):
        return _("The biggest deal of %(name)s in 30 days!") % {"name": win.owner.name}
    if win.beats("own_week"):
        return _("The biggest deal of %(name)s in 7 days!") % {"name": win.owner.name}
    return None


def streak(win: Win) -> str | None:
    """The first win of the day after at least one on each of the two days before."""
    wins = [win.before[f"day_{back}"] for back in range(STREAK)]
    if wins[0] or not all(wins[1:]):
        return None
    return _("Three days in a row with a win for %(name)s!") % {"name": win.owner.name}


def fifth_of_day(win: Win) -> str | None:
    if win.before["day_0"] + 1 != MANY:
        return None
    return _("The fifth deal today for %(name)s!") % {"name": win.owner.name}


def fastest(win: Win) -> str | None:
    quickest = win.before["quickest"]
    if win.deal.team_id is None or quickest is None or not LIVED <= win.lived < quickest:
        return None
    return _("The fastest deal of %(team)s in 30 days!") % {"team": win.deal.team}


def straight(win: Win) -> str | None:
    """Won out of the stage it began in, the first one, without another in between."""
    if win.lived < LIVED:
        return None
    events = Deal.pgh_event_model.objects.filter(pgh_obj_id=win.deal.pk, status=Deal.Status.OPEN)  # type: ignore[attr-defined]
    passed = set(events.values_list("stage_id", flat=True))
    first = win.first_stage if len(passed) == 1 else None
    if first is None or first.pk not in passed:
        return None
    return _("Straight from “%(stage)s” to won!") % {"stage": first}


def first_in_country(win: Win) -> str | None:
    country = win.deal.country
    if not country or win.others.filter(country=country).exists():
        return None
    return _("The first deal ever in %(country)s!") % {"country": country_name(country)}


def first_from_source(win: Win) -> str | None:
    source = win.deal.source_id
    if source is None or win.others.filter(source=source).exists():
        return None
    return _("The first deal ever from “%(source)s”!") % {"source": win.deal.source}


#: From the greatest to the smallest; each true one would be worth a word, one is said.
RULES: tuple[Callable[[Win], str | None], ...] = (
    first_of_year,
    team_record,
    own_record,
    streak,
    fifth_of_day,
    fastest,
    straight,
    first_in_country,
    first_from_source,
)
