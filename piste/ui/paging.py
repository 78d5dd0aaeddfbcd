"""The next rows after the last shown one, however many came before."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

from piste.ui.paths import resolve
from piste.ui.state import BadAddress

#: No position that a page gives out is longer.
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key; empty values come last either way."""

    path: str
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> Order:
        return cls(text.removeprefix("-"), text.startswith("-"))

    def may_be_empty(self, model: type[Model]) -> bool:
        return resolve(model, self.path).field.null or "__" in self.path

    def turned(self, model: type[Model]) -> OrderBy:
        """The same from the end: what comes last comes first, empty values before all."""
        first = True if self.may_be_empty(model) else None
        return (
            F(self.path).asc(nulls_first=first) if self.descending else F(self.path).desc(nulls_first=first)
        )

    def expression(self, model: type[Model]) -> OrderBy:
        last = True if self.may_be_empty(model) else None
        return F(self.path).desc(nulls_last=last) if self.descending else F(self.path).asc(nulls_last=last)


def ordered(rows: QuerySet[Any], orders: Sequence[Order]) -> QuerySet[Any]:
    return rows.order_by(*(order.expression(rows.model) for order in orders))


def cursor(record: Model, orders: Sequence[Order]) -> str:
    """Where the record stands in the order, for the address of the next rows."""
    return cursor_of([resolve(type(record), order.path).value(record) for order in orders])


def cursor_of(values: Sequence[Any]) -> str:
    """The same from the values of the sort keys."""
    plain = json.dumps([_plain(value) for value in values])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def after(rows: QuerySet[Any], orders: Sequence[Order], position: str) -> QuerySet[Any]:
    """The rows behind the position. Raises `BadAddress` for one that nobody was given."""
    return rows.filter(_behind(rows.model, orders, _values(rows.model, orders, position)))


def _values(model: type[Model], orders: Sequence[Order], position: str) -> list[Any]:
    if len(position) > LONGEST:
        raise BadAddress
    try:
        padded = position + "=" * (-len(position) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode()))
        found = [
            None if value is None else resolve(model, order.path).field.to_python(value)
            for order, value in zip(orders, values, strict=True)
        ]
        if any(_beyond_the_database(value) for value in found):
            raise BadAddress
        return found
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError) as error:
        raise BadAddress(position) from error


def _beyond_the_database(value: Any) -> bool:
    """Whether no column could hold the value: forged cursors carry such."""
    if isinstance(value, str):
        return "\x00" in value
    return isinstance(value, int) and abs(value) >= 2**63


def _behind(model: type[Model], orders: Sequence[Order], values: Sequence[Any]) -> Q:
    order, value, rest = orders[0], values[0], orders[1:]
    nullable = order.may_be_empty(model)
    if value is None:
        beyond, same = Q(pk__in=[]), Q(**{f"{order.path}__isnull": True})
    else:
        beyond = Q(**{f"{order.path}__{'lt' if order.descending else 'gt'}": value})
        if nullable:
            beyond |= Q(**{f"{order.path}__isnull": True})
        same = Q(**{order.path: value})
    if not rest:
        return beyond
    behind = beyond | (same & _behind(model, rest, values[1:]))
    if nullable or value is None:
        return behind
    # Says the same once more, in the form that lets an index scan begin at the right place.
    return Q(**{f"{order.path}__{'lte' if order.descending else 'gte'}": value}) & behind


def beside(rows: QuerySet[Any], orders: Sequence[Order], pk: int) -> tuple[int | None, int | None] | None:
    """The keys of the rows before and after one, wherever it stands; None if it is not among them.

    Three queries, none of which goes through what comes before.
    """
    here = rows.filter(pk=pk).order_by().values_list(*(order.path for order in orders))[:1]
    if (values := next(iter(here), None)) is None:
        return None
    model, keys = rows.model, rows.values_list("pk", flat=True)
    ahead = keys.filter(_ahead(model, orders, values)).order_by(*(order.turned(model) for order in orders))
    behind = ordered(keys.filter(_behind(model, orders, values)), orders)
    return next(iter(ahead[:1]), None), next(iter(behind[:1]), None)


def _ahead(model: type[Model], orders: Sequence[Order], values: Sequence[Any]) -> Q:
    order, value, rest = orders[0], values[0], orders[1:]
    if value is None:
        beyond, same = Q(**{f"{order.path}__isnull": False}), Q(**{f"{order.path}__isnull": True})
    else:
        beyond = Q(**{f"{order.path}__{'gt' if order.descending else 'lt'}": value})
        same = Q(**{order.path: value})
    if not rest:
        return beyond
    ahead = beyond | (same & _ahead(model, rest, values[1:]))
    if value is None:
        return ahead
    # As in `_behind`, for an index scan to begin at the right place; empty values are never ahead of a value.
    return Q(**{f"{order.path}__{'gte' if order.descending else 'lte'}": value}) & ahead


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.pk if isinstance(value, Model) else value
