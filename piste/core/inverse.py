"""What an operation made of the rows of one table, and the statements that take it back.

Values never pass through Python: the database copies them from the events, so they come back byte by byte,
and ten thousand rows need no more statements than one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils.translation import gettext as _

from piste.core.tables import Table, cascades, find_table, quote
from piste.core.transitions import Refused

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Step:
    """One row: as it was before the operation, as the operation left it, as it is now."""

    key: Any
    #: The event that holds the row as it was; None when there was no such row.
    before: int | None
    #: The operation's last event of the row.
    last: int
    #: Whether the operation left a row, and whether there is one now.
    left: bool
    there: bool
    #: Columns that still have the value which the operation wrote, and those that have been changed since.
    same: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def inserted(self) -> bool:
        return self.before is None and self.left and self.there

    @property
    def deleted(self) -> bool:
        return self.before is not None and not self.left and not self.there

    @property
    def updated(self) -> bool:
        return self.before is not None and self.left and self.there

    @property
    def returns(self) -> bool:
        """Whether some value goes back to what it was."""
        return self.updated and bool(self.same)

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody has touched since what the operation wrote."""
        return self.deleted_since or (self.there and self.left and bool(self.changed))

    @property
    def deleted_since(self) -> bool:
        return self.before is not None and self.left and not self.there


# A row's state before is its last event before the operation's first; a delete event holds the row it took.
_STEPS = """
WITH mine AS (
    SELECT pgh_obj_id, min(pgh_id) AS first, max(pgh_id) AS last
    FROM {events} WHERE pgh_context_id = %s GROUP BY pgh_obj_id
)
SELECT mine.pgh_obj_id, before.pgh_id, mine.last, after.pgh_label <> 'delete', now.{key} IS NOT NULL,
    array_remove(ARRAY[{same}]::text[], NULL), array_remove(ARRAY[{changed}]::text[], NULL),
    first.pgh_label = 'update' AND before.pgh_id IS NULL
FROM mine
JOIN {events} first ON first.pgh_id = mine.first
JOIN {events} after ON after.pgh_id = mine.last
LEFT JOIN LATERAL (
    SELECT * FROM {events} earlier
    WHERE first.pgh_label <> 'insert' AND earlier.pgh_obj_id = mine.pgh_obj_id
        AND (earlier.pgh_id < mine.first OR earlier.pgh_id = mine.first AND first.pgh_label = 'delete')
    ORDER BY earlier.pgh_id DESC LIMIT 1
) before ON true
LEFT JOIN {table} now ON now.{key} = mine.pgh_obj_id
ORDER BY mine.pgh_obj_id
"""
_SAME = """CASE WHEN before."{0}" IS DISTINCT FROM after."{0}" AND now."{0}" IS NOT DISTINCT FROM after."{0}"
    THEN '{0}' END"""
_CHANGED = """CASE WHEN now."{0}" IS DISTINCT FROM after."{0}" AND (before.pgh_id IS NULL OR
    before."{0}" IS DISTINCT FROM after."{0}" AND now."{0}" IS DISTINCT FROM before."{0}") THEN '{0}' END"""

_LOCK = "SELECT count(*) FROM (SELECT FROM {table} WHERE {key} = ANY(%s) ORDER BY {key} FOR UPDATE) locked"
_REMOVE = "DELETE FROM {table} WHERE {key} = ANY(%s)"
_RESTORE = """
INSERT INTO {table} ({key}, {columns}) SELECT past.pgh_obj_id, {values}
FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted(event, place)
JOIN {events} past ON past.pgh_id = wanted.event ORDER BY place
"""
_RESET = """
UPDATE {table} SET {assignments} FROM {events} past
WHERE past.pgh_id = ANY(%s) AND {table}.{key} = past.pgh_obj_id
"""


def steps_of(table: Table, operation: UUID) -> list[Step]:
    """What the operation made of each row that it wrote. One query."""
    same = ", ".join(_SAME.format(column) for column in table.recorded)
    changed = ", ".join(_CHANGED.format(column) for column in table.recorded)
    with connection.cursor() as cursor:
        cursor.execute(table.sql(_STEPS, same=same, changed=changed), [operation])
        rows = cursor.fetchall()
    if any(unknown for *_step, unknown in rows):
        raise Refused(_("This cannot be undone: the history does not reach back far enough."))
    return [
        Step(key, before, last, left, there, tuple(same), tuple(changed))
        for key, before, last, left, there, same, changed, _unknown in rows
    ]


def lock(table: Table, keys: Collection[Any]) -> None:
    """Keep the rows from others until the transaction ends; always in the same order."""
    _execute(table.sql(_LOCK), list(keys))


def remove(table: Table, keys: Collection[Any]) -> None:
    """Delete rows, and what belongs to them in tables without history."""
    for field in table.dependants:
        if cascades(field) and find_table(field.model) is None:
            field.model._base_manager.filter(**{f"{field.name}__in": keys}).delete()
    _execute(table.sql(_REMOVE), list(keys))


def restore(table: Table, events: Mapping[Any, int], *, at: datetime) -> None:
    """Insert rows with their old keys and values, given for each key the event that holds them."""
    if not events:
        return
    columns = {column: f"past.{quote(column)}" for column in table.recorded}
    values: list[Any] = []
    for column, field in table.unrecorded.items():
        if not isinstance(field, models.GeneratedField):
            columns[column] = "%s"
            values.append(at if _dates_changes(field) else _default(field))
    names = ", ".join(map(quote, columns))
    statement = table.sql(_RESTORE, columns=names, values=", ".join(columns.values()))
    _execute(statement, *values, _parents_first(table, events))


def reset(table: Table, steps: Iterable[Step], columns: Collection[str], *, at: datetime) -> None:
    """Give rows their old values in those of the columns that still have the operation's value."""
    groups: defaultdict[tuple[str, ...], list[int | None]] = defaultdict(list)
    for step in steps:
        groups[tuple(column for column in step.same if column in columns)].append(step.before)
    dated = [column for column, field in table.unrecorded.items() if _dates_changes(field)]
    for group, events in groups.items():
        if group:
            values = [f"{quote(column)} = past.{quote(column)}" for column in group]
            values += [f"{quote(column)} = %s" for column in dated]
            _execute(table.sql(_RESET, assignments=", ".join(values)), *([at] * len(dated)), events)


def _parents_first(table: Table, events: Mapping[Any, int]) -> list[int]:
    """The events in such an order that a row comes after those of its own table that it points at."""
    above = [field.attname for field in table.relations.values() if field.related_model is table.model]
    if not above:
        return list(events.values())
    rows = table.events.objects.filter(pgh_id__in=events.values()).values_list("pgh_obj_id", *above)
    try:
        order = list(TopologicalSorter({key: parents for key, *parents in rows}).static_order())
    except CycleError:
        order = list(events)
    return [events[key] for key in order if key in events]


def _dates_changes(field: models.Field[Any, Any]) -> bool:
    return getattr(field, "auto_now", False)


def _default(field: models.Field[Any, Any]) -> Any:
    return field.get_db_prep_save(field.get_default(), connection)


def _execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
