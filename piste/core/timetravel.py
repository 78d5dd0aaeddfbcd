"""Rows as they were at any moment, and how long they had each value, read from the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Any, Generic, TypeVar, cast

from django.db import connection, models
from django.db.models import sql
from django.db.models.sql.compiler import SQLCompiler

from piste.core.tables import Table, quote, table_of, tables

M = TypeVar("M", bound=models.Model)
Params = tuple[Any, ...]

_PAST = """{table} AS NOT MATERIALIZED (SELECT pgh_obj_id AS {key}, {columns} FROM (
    SELECT DISTINCT ON (pgh_obj_id) * FROM {events} {which}
) past LEFT JOIN (SELECT {present} FROM {table}) present ON pgh_present = pgh_obj_id WHERE {there})"""

# Ordered by event and not by moment, so that the last write wins when transactions overlap.
_THEN = "WHERE pgh_created_at <= %s ORDER BY pgh_obj_id, pgh_id DESC"
_NEAREST = """ORDER BY pgh_obj_id, pgh_created_at > %s,
    CASE WHEN pgh_created_at > %s THEN pgh_id ELSE -pgh_id END"""


def as_of(
    model: type[M],
    moment: datetime,
    *,
    prepare: Callable[[models.QuerySet[M]], models.QuerySet[M]] | None = None,
) -> models.QuerySet[M]:
    """The rows of the model as they were: to filter, order, join and sum like any others, not to write.

    Everything that one query joins is seen at that moment, tags and customers too; what is prefetched is seen
    as it is now, unless the prefetch brings a queryset of the past. A column that the history does not keep
    (the text that searches look in) shows its present value. `for_user` asks who might see the rows then.
    """
    rows = model._default_manager.all()
    rows.query = rows.query.chain(PastQuery)
    cast("PastQuery", rows.query).moment = moment
    return prepare(rows) if prepare else rows


class History(Generic[M]):
    """`Model.history` of a tracked model or its proxy."""

    def __init__(self, model: type[M] | None = None) -> None:
        self.model = model

    def __get__(self, _row: M | None, model: type[M]) -> History[M]:
        return History(model)

    def as_of(self, moment: datetime) -> models.QuerySet[M]:
        assert self.model is not None
        return as_of(self.model, moment)


def times_in(record: models.Model, field: str, *, until: datetime) -> dict[Any, timedelta]:
    """How long the record had each value of a field, up to a moment. One query."""
    events = table_of(type(record)).events.objects.filter(pgh_obj_id=record.pk, pgh_created_at__lt=until)
    steps = [*events.order_by("pgh_id").values_list("pgh_created_at", field, "pgh_label"), (until, None, "")]
    times: dict[Any, timedelta] = {}
    for (start, value, label), (end, _value, _label) in pairwise(steps):
        if label != "delete":
            times[value] = times.get(value, timedelta()) + max(end - start, timedelta())
    return times


class PastCompiler(SQLCompiler):
    """Puts the past of each tracked table before the statement, under the table's own name.

    In PostgreSQL the name of a common table expression hides the table of the same name, so the statement and
    all its subqueries read the past and need no other change.
    """

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, Params]:
        statement, params = super().as_sql(*args, **kwargs)
        query = cast("PastQuery", self.query)
        named = [table for table in tables() if quote(table.name) in statement]
        pointed_at = {field.related_model for table in named for field in table.relations.values()}
        pointed_at -= {query.get_meta().concrete_model}
        pasts = [_past(table, query.moment, must_exist=table.model not in pointed_at) for table in named]
        values: Params = tuple(chain.from_iterable(values for _text, values in pasts))
        return f"WITH {', '.join(text for text, _values in pasts)} {statement}", values + params

    def collapse_group_by(self, expressions: list[Any], having: Any) -> list[Any]:
        """Group by every column: the past has no primary key that the others follow from."""
        return expressions


class PastQuery(sql.Query):
    """A query at a moment."""

    moment: datetime

    def get_compiler(self, *args: Any, **kwargs: Any) -> SQLCompiler:
        usual = super().get_compiler(*args, **kwargs)
        return PastCompiler(self, usual.connection, usual.using, usual.elide_empty)

    def chain(self, klass: Any = None) -> Any:
        if klass is not None and issubclass(klass, sql.UpdateQuery):
            raise TypeError("The past cannot be changed.")
        return super().chain(klass)


def _past(table: Table, moment: datetime, *, must_exist: bool) -> tuple[str, Params]:
    """The common table expression that stands for the table, and the values in it.

    A row that others point at is also found when its own history begins later than theirs.
    """
    columns = [quote(column) for column in table.recorded]
    present = [table.sql("{key} AS pgh_present")]
    values: Params = ()
    for column, field in table.unrecorded.items():
        expression, given = _expression(field, quote(column))
        columns.append(f"{expression} AS {quote(column)}")
        values += given
        if not isinstance(field, models.GeneratedField):
            present.append(quote(column))
    which = _THEN if must_exist else _NEAREST
    there = "pgh_label <> 'delete'" if must_exist else "true"
    text = table.sql(_PAST, columns=", ".join(columns), present=", ".join(present), which=which, there=there)
    return text, values + (moment,) * which.count("%s")


def _expression(field: models.Field[Any, Any], column: str) -> tuple[str, Params]:
    """What stands for a column that the history does not keep."""
    if isinstance(field, models.GeneratedField):
        text, values = field.generated_sql(connection)
        # As the column holds it: the expression alone may be of a wider kind.
        return f"({text})::{field.db_type(connection)}", tuple(values)
    if getattr(field, "auto_now", False):
        return "pgh_created_at", ()
    is_text = field.empty_strings_allowed and not field.null
    return (f"COALESCE({column}, '')" if is_text else column), ()
