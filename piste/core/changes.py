"""The history as it is told: what happened to a record, and what somebody did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from piste.core.models import Operation
from piste.core.tables import table_of, tables
from piste.core.telling import FieldChange, Kind, Told, tell, with_names

if TYPE_CHECKING:
    from piste.accounts.models import User

__all__ = ["Change", "FieldChange", "changes_of", "operations_of"]


@dataclass(frozen=True, slots=True)
class Change:
    """What one operation did; without an operation nobody knows who did it."""

    kind: Kind
    at: datetime
    operation: Operation | None
    fields: tuple[FieldChange, ...] = ()
    undoable: bool = False
    #: The names of the records that became part of this one.
    merged: tuple[str, ...] = ()

    @property
    def by(self) -> User | None:
        return self.operation.by if self.operation else None

    @property
    def via(self) -> str:
        return self.operation.via if self.operation else ""

    @property
    def command(self) -> str:
        return self.operation.command if self.operation else self.kind


def changes_of(record: models.Model, *, limit: int = 50, before: datetime | None = None) -> list[Change]:
    """The history of a record, newest first, up to a moment; many changes cost no more queries than one."""
    told = tell(record, limit=limit, before=before)
    keys = {part.operation for part in told} - {None}
    operations = Operation.objects.select_related("by").in_bulk(keys) if keys else {}
    for part in told:
        if part.operation in operations:
            part.at = operations[part.operation].at
    newest = sorted(told, key=lambda part: part.at, reverse=True)[:limit]
    with_names(newest)
    names = table_of(type(record)).names({key for part in newest for key in part.merged})
    return [_change(part, operations.get(part.operation), names) for part in newest]


def _change(part: Told, one: Operation | None, names: Mapping[Any, str]) -> Change:
    merged = tuple(names.get(key, f"#{key}") for key in part.merged)
    return Change(part.kind, part.at, one, tuple(part.fields), _is_undoable(one), merged)


def operations_of(user: User, *, limit: int = 50) -> list[Change]:
    """What somebody did, newest first; `operation.about` says to what. Two queries."""
    operations = list(Operation.objects.filter(by=user).select_related("by").order_by("-at", "-pk")[:limit])
    wrote = _that_wrote([one.pk for one in operations])
    return [
        Change("change", one.at, one, undoable=_is_undoable(one) and one.pk in wrote) for one in operations
    ]


def _is_undoable(one: Operation | None) -> bool:
    return one is not None and one.undone_by_id is None


_WROTE = "EXISTS (SELECT FROM {events} WHERE pgh_context_id = operation)"


def _that_wrote(operations: Collection[Any]) -> set[Any]:
    """Those of the operations that changed any row."""
    any_table = " OR ".join(table.sql(_WROTE) for table in tables())
    statement = "SELECT operation FROM unnest(%s::uuid[]) AS operation WHERE "
    with connection.cursor() as cursor:
        cursor.execute(statement + any_table, [list(operations)])
        return {pk for (pk,) in cursor.fetchall()}
