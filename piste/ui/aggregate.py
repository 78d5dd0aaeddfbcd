"""Totals of measures over groups: one query behind lane heads, list groups and figures."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Aggregate, Avg, Count, F, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDay, TruncMonth, TruncQuarter, TruncWeek, TruncYear
from django.utils import timezone
from django.utils.translation import gettext as _

from piste.ui import formats
from piste.ui.paths import resolve

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Interval = Literal["day", "week", "month", "quarter", "year"]

_TRUNC: dict[Interval, type[models.Func]] = {
    "day": TruncDay,
    "week": TruncWeek,
    "month": TruncMonth,
    "quarter": TruncQuarter,
    "year": TruncYear,
}


@dataclass(frozen=True, slots=True)
class GroupBy:
    """What to put rows together by. Dates need an interval.

    `move` names the method that puts a record into another group; without it the field itself is
    edited through the screen's form.
    """

    path: str
    interval: Interval | None = None
    move: str | None = None

    @property
    def key(self) -> str:
        return f"{self.path}:{self.interval}" if self.interval else self.path

    def expression(self) -> Combinable:
        return _TRUNC[self.interval](self.path) if self.interval else F(self.path)

    def label(self, model: type[models.Model]) -> str:
        label = resolve(model, self.path).label
        names = {
            "day": _("by day"),
            "week": _("by week"),
            "month": _("by month"),
            "quarter": _("by quarter"),
            "year": _("by year"),
        }
        return f"{label}, {names[self.interval]}" if self.interval else label

    def condition(self, value: Any) -> Q:
        """The test of the rows of one group, written so that an index on the column serves it."""
        if value is None:
            return Q(**{f"{self.path}__isnull": True})
        if not self.interval:
            return Q(**{self.path: value})
        start = value.date() if isinstance(value, datetime) else value
        end = self._end(start)
        if isinstance(value, datetime):
            zone = timezone.get_current_timezone()
            return Q(
                **{
                    f"{self.path}__gte": datetime.combine(start, datetime.min.time(), zone),
                    f"{self.path}__lt": datetime.combine(end, datetime.min.time(), zone),
                }
            )
        return Q(**{f"{self.path}__gte": start, f"{self.path}__lt": end})

    def _end(self, start: date) -> date:
        if self.interval in ("day", "week"):
            return date.fromordinal(start.toordinal() + (7 if self.interval == "week" else 1))
        months = {"month": 1, "quarter": 3, "year": 12}[str(self.interval)]
        ahead = start.month - 1 + months
        return date(start.year + ahead // 12, ahead % 12 + 1, 1)

    def name(self, value: Any) -> str:
        """The printed name of an interval that begins with the value."""
        start = value.date() if isinstance(value, datetime) else value
        if self.interval == "month":
            return formats.month(start)
        if self.interval == "quarter":
            return _("Q%(quarter)s %(year)s") % {"quarter": (start.month + 2) // 3, "year": start.year}
        if self.interval == "year":
            return str(start.year)
        return formats.day(start)

    def labels(self, model: type[models.Model], values: set[Any]) -> dict[Any, str]:
        """Readable names of the group values, fetched at once."""
        path = resolve(model, self.path)
        named: dict[Any, str] = {None: _("None"), "": _("None")}
        present = {v for v in values if v is not None and v != ""}
        if self.interval:
            named |= {v: self.name(v) for v in present}
        elif path.kind in ("relation", "tags"):
            related: Any = path.field.related_model
            named |= {pk: str(row) for pk, row in related._base_manager.in_bulk(present).items()}
        else:
            named |= {v: path.print(v) for v in present}
        return named

    def every_value(self, model: type[models.Model]) -> list[tuple[Any, str]]:
        """All groups there could be, empty ones too, where that is a short list."""
        path = resolve(model, self.path)
        if path.kind == "choice":
            return [(value, str(label)) for value, label in path.field.flatchoices]
        return []

    def value_of(self, model: type[models.Model], key: str) -> Any:
        """The group value behind the key that a page sent back. Raises `ValueError` for nonsense."""
        path = resolve(model, self.path)
        if key == "":
            return "" if path.kind in ("text", "choice") and not path.field.null else None
        if self.interval:
            start = date.fromisoformat(key)
            self._end(start)
            if path.kind == "datetime":
                return datetime.combine(start, datetime.min.time(), timezone.get_current_timezone())
            return start
        if path.kind in ("relation", "tags"):
            return int(key)
        try:
            return path.field.to_python(key)
        except ValidationError as error:
            raise ValueError(key) from error

    def to_key(self, value: Any) -> str:
        """The group value as a page carries it."""
        if value is None:
            return ""
        if self.interval:
            day: date = timezone.localtime(value).date() if isinstance(value, datetime) else value
            return day.isoformat()
        return str(value)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number per group; without a path, the number of rows."""

    path: str | None = None
    function: Literal["sum", "avg"] = "sum"
    name: str | StrPromise | None = None

    def expression(self) -> Aggregate:
        if self.path is None:
            return Count("*")
        return Sum(self.path) if self.function == "sum" else Avg(self.path)

    def label(self, model: type[models.Model]) -> str:
        if self.name is not None:
            return str(self.name)
        return resolve(model, self.path).label if self.path else _("Count")

    def text(self, model: type[models.Model], value: Any, currency: str) -> str:
        if self.path is None:
            return formats.number(value)
        return resolve(model, self.path).print(value or 0, currency)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One group: its values, their names and the measures."""

    key: tuple[Hashable, ...]
    labels: tuple[str, ...]
    values: tuple[Decimal | int, ...]


def aggregate(rows: QuerySet[Any], by: Sequence[GroupBy], measures: Sequence[Measure]) -> list[Bucket]:
    """The measures of every group that has rows."""
    groups = {f"g{i}": group.expression() for i, group in enumerate(by)}
    totals = {f"m{i}": measure.expression() for i, measure in enumerate(measures)}
    if groups:
        found = list(rows.order_by().annotate(**groups).values(*groups).annotate(**totals).order_by(*groups))
    else:
        found = [rows.order_by().aggregate(**totals)]
    labels = [
        group.labels(rows.model, {row[name] for row in found}) for name, group in zip(groups, by, strict=True)
    ]
    return [
        Bucket(
            key=tuple(row[name] for name in groups),
            labels=tuple(names[row[g]] for g, names in zip(groups, labels, strict=True)),
            values=tuple(row[name] or 0 for name in totals),
        )
        for row in found
    ]
