"""What people can look for on a screen: text, ready-made filters, periods, own conditions, groupings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piste.core.text import Fold
from piste.ui.aggregate import GroupBy
from piste.ui.conditions import Where
from piste.ui.paths import resolve
from piste.ui.state import BadAddress, ViewState

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from piste.accounts.models import User

#: Counting stops here and the page says "10,000+".
COUNT_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Filter:
    """A ready-made condition. Filters of one group widen each other; groups narrow."""

    name: str
    label: str | StrPromise
    where: Q | Callable[[User], Q]
    group: str = ""
    default: bool = False

    def condition(self, user: User) -> Q:
        return self.where(user) if callable(self.where) else self.where


def _first_of_month(day: date, months: int = 0) -> date:
    ahead = day.year * 12 + day.month - 1 + months
    return date(ahead // 12, ahead % 12 + 1, 1)


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


PERIODS: dict[str, tuple[StrPromise, Callable[[date], tuple[date, date]]]] = {
    "today": (_("today"), lambda d: (d, d + timedelta(days=1))),
    "week": (
        _("this week"),
        lambda d: (d - timedelta(days=d.weekday()), d + timedelta(days=7 - d.weekday())),
    ),
    "month": (_("this month"), lambda d: (_first_of_month(d), _first_of_month(d, 1))),
    "last-month": (_("last month"), lambda d: (_first_of_month(d, -1), _first_of_month(d))),
    "next-month": (_("next month"), lambda d: (_first_of_month(d, 1), _first_of_month(d, 2))),
    "quarter": (_("this quarter"), lambda d: (_quarter(d), _first_of_month(_quarter(d), 3))),
    "year": (_("this year"), lambda d: (date(d.year, 1, 1), date(d.year + 1, 1, 1))),
    "last-year": (_("last year"), lambda d: (date(d.year - 1, 1, 1), date(d.year, 1, 1))),
}


def period_filter(model: type[Model], path: str, period: str) -> Filter:
    """The filter `path:period`, e.g. `expected_close:month`, on the reader's calendar."""
    field = resolve(model, path)
    label, span = PERIODS[period]

    def where(_user: User) -> Q:
        start, end = span(timezone.localdate())
        if field.kind == "datetime":
            zone = timezone.get_current_timezone()
            edges = [datetime.combine(edge, time.min, zone) for edge in (start, end)]
            return Q(**{f"{path}__gte": edges[0], f"{path}__lt": edges[1]})
        return Q(**{f"{path}__gte": start, f"{path}__lt": end})

    return Filter(f"{path}:{period}", label, where, group=path)


@dataclass(frozen=True, slots=True)
class Search:
    """`text` names the columns searched (a folded one, or plain ones), `periods` the dates with ready-made
    periods, `builder` the fields that own conditions may name, `linked` those that only links name."""

    text: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    group_by: tuple[GroupBy, ...] = ()
    periods: tuple[str, ...] = ()
    builder: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()

    @property
    def defaults(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.filters if item.default)

    def chosen(self, state: ViewState) -> tuple[str, ...]:
        """The names of the filters in force."""
        return self.defaults if state.filters is None else state.filters

    def groups(self, state: ViewState) -> tuple[GroupBy, ...]:
        """The groupings of the address. Raises `BadAddress` for one that is not declared."""
        known = {group.key: group for group in self.group_by}
        if any(key not in known for key in state.groups):
            raise BadAddress(state.groups)
        return tuple(known[key] for key in state.groups)

    def group(self, key: str) -> GroupBy | None:
        return next((group for group in self.group_by if group.key == key), None)

    def filter_named(self, model: type[Model], name: str) -> Filter:
        """Raises `BadAddress` for a filter that is not declared."""
        for item in self.filters:
            if item.name == name:
                return item
        path, _sep, period = name.rpartition(":")
        if path in self.periods and period in PERIODS:
            return period_filter(model, path, period)
        raise BadAddress(name)

    def wheres(self, model: type[Model], state: ViewState) -> list[Where]:
        return [Where.parse(model, text, self.builder + self.linked) for text in state.wheres]

    def apply(self, rows: QuerySet[Any], state: ViewState, user: User) -> QuerySet[Any]:
        """The rows that the address asks for. Raises `BadAddress`."""
        for word in state.text.split()[:8]:
            rows = rows.filter(self._word(word))
        chosen: defaultdict[str, Q] = defaultdict(Q)
        for name in self.chosen(state):
            item = self.filter_named(rows.model, name)
            chosen[item.group or item.name] |= item.condition(user)
        for condition in chosen.values():
            rows = rows.filter(condition)
        for where in self.wheres(rows.model, state):
            if where.path.kind == "tags":
                # A subquery, because several tags of one record must not repeat it.
                hits = rows.model._base_manager.filter(where.condition()).values("pk")
                rows = rows.filter(pk__in=hits)
            else:
                rows = rows.filter(where.condition())
        return rows

    def _word(self, word: str) -> Q:
        if self.text == ("search",):
            return Q(search__contains=Fold(Value(word)))
        return reduce(or_, (Q(**{f"{path}__fold__contains": Fold(Value(word))}) for path in self.text), Q())


def count_up_to(rows: QuerySet[Any], limit: int = COUNT_LIMIT) -> int:
    """How many rows there are; `limit + 1` stands for any more."""
    return rows.order_by()[: limit + 1].count()
