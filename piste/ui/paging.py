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

    def expression(self, model: type[Model]) -> OrderBy:
        nullable = resolve(model, self.path).field.null or "__" in self.path
        last = True if nullable else None
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
    nullable = resolve(model, order.path).field.null or "__" in order.path
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


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.pk if isinstance(value, Model) else value
