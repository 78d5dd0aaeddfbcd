"""The tables whose changes are recorded, each with the table of its events."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import pghistory
from django.db import connection, models

if TYPE_CHECKING:
    from uuid import UUID

Columns = dict[str, "models.Field[Any, Any]"]


def quote(name: str) -> str:
    """A name as SQL writes it."""
    return f'"{name}"'


@dataclass(frozen=True)
class Table:
    """A model and its event model: one row there for each write here, with the columns as they then were."""

    model: type[models.Model]
    events: Any

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def recorded(self) -> Columns:
        """The columns whose values the events hold, without the key."""
        names = {field.name for field in self.events._meta.fields}
        fields = [field for field in self.model._meta.concrete_fields if field.name in names]
        return _columns(field for field in fields if not field.primary_key)

    @cached_property
    def unrecorded(self) -> Columns:
        """The other columns: computed by the database, or not for the history to keep."""
        fields = [field for field in self.model._meta.concrete_fields if field.column not in self.recorded]
        return _columns(field for field in fields if not field.primary_key)

    @cached_property
    def relations(self) -> dict[str, models.ForeignKey[Any, Any]]:
        """The recorded columns that point at rows."""
        return {name: field for name, field in self.recorded.items() if isinstance(field, models.ForeignKey)}

    @cached_property
    def dependants(self) -> list[models.ForeignKey[Any, Any]]:
        """The foreign keys of any table, tracked or not, that point here; events hold nothing fast."""
        relations = self.model._meta.get_fields(include_hidden=True)
        fields = [one.field for one in relations if isinstance(one, models.ManyToOneRel)]
        return [field for field in fields if isinstance(field, models.ForeignKey) and is_enforced(field)]

    @cached_property
    def parts(self) -> list[models.ForeignKey[Any, Any]]:
        """The dependants that belong to a row here: the tags of a deal, though not the deals of a tag."""
        relations = [one for one in self.model._meta.related_objects if isinstance(one, models.ManyToManyRel)]
        far = {(one.through, one.field.m2m_reverse_field_name()) for one in relations}
        parts = [field for field in self.dependants if cascades(field)]
        return [field for field in parts if (field.model, field.name) not in far]

    def sql(self, text: str, **parts: str) -> str:
        """An SQL statement with `{table}`, `{events}`, `{key}` and further parts filled in."""
        assert self.model._meta.pk is not None
        key = quote(self.model._meta.pk.attname)
        return text.format(table=quote(self.name), events=quote(self.events._meta.db_table), key=key, **parts)

    def names(self, keys: Collection[Any]) -> dict[Any, str]:
        """What rows are called, those that are gone by their last name. At most two queries."""
        if not keys:
            return {}
        rows = self.model._base_manager.in_bulk(list(keys))
        if gone := set(keys) - rows.keys():
            last = self.events.objects.filter(pgh_obj_id__in=gone).order_by("pgh_obj_id", "-pgh_id")
            for event in last.distinct("pgh_obj_id"):
                values = {field.attname: getattr(event, field.attname) for field in self.recorded.values()}
                rows[event.pgh_obj_id] = self.model(pk=event.pgh_obj_id, **values)
        return {key: str(row) for key, row in rows.items()}


def _columns(fields: Iterable[models.Field[Any, Any]]) -> Columns:
    return {field.column: field for field in fields if field.column}


def is_enforced(relation: models.ForeignKey[Any, Any]) -> bool:
    """Whether the database holds rows to what they point at; no view does."""
    constraint: bool = relation.db_constraint  # type: ignore[attr-defined]
    return constraint and relation.model._meta.managed and not relation.model._meta.proxy


def cascades(relation: models.ForeignKey[Any, Any]) -> bool:
    """Whether rows with this foreign key are deleted with what they point at."""
    return relation.remote_field.on_delete is models.CASCADE


@cache
def tables() -> tuple[Table, ...]:
    """All tracked tables, each after those it points at."""
    events: list[Any] = pghistory.core.event_models()
    known = {event.pgh_tracked_model._meta.concrete_model: event for event in events}
    ordered: dict[Any, Table] = {}

    def visit(model: Any, above: tuple[Any, ...]) -> None:
        if model in ordered or model in above or model not in known:
            return
        table = Table(model, known[model])
        for field in table.relations.values():
            visit(field.related_model, (*above, model))
        ordered[model] = table

    for model in known:
        visit(model, ())
    return tuple(ordered.values())


@cache
def find_table(model: Any) -> Table | None:
    """The table of a tracked model or of its proxy; None for any other model."""
    return next((table for table in tables() if table.model is model._meta.concrete_model), None)


def table_of(model: Any) -> Table:
    """The table of a model that is known to be tracked."""
    table = find_table(model)
    if table is None:
        raise LookupError(f"{model._meta.label} has no history")
    return table


def rows_written(operation: UUID) -> dict[Table, set[Any]]:
    """The keys of all rows that an operation wrote, by table. One query."""
    part = "SELECT {number} AS number, pgh_obj_id FROM {events} WHERE pgh_context_id = %(operation)s"
    every = [table.sql(part, number=str(number)) for number, table in enumerate(tables())]
    written: dict[Table, set[Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(every), {"operation": operation})
        for number, key in cursor.fetchall():
            written.setdefault(tables()[number], set()).add(key)
    return written
