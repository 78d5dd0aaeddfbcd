"""Every change is recorded by database triggers and grouped into operations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pghistory
from django.db import connection, models
from django.utils import timezone
from psycopg.pq import TransactionStatus

from piste.core.tables import rows_written
from piste.core.timetravel import History

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.core.models import Operation

M = TypeVar("M", bound=type[models.Model])

_current: ContextVar[Operation | None] = ContextVar("operation", default=None)


def tracked(*, exclude: tuple[str, ...] = (), found_by: tuple[str, ...] = ()) -> Callable[[M], M]:
    """Write every insert, update and delete of the model to its event table, which `found_by` indexes."""

    def decorate(model: M) -> M:
        name = model.__name__.lower()
        indexes = [models.Index(fields=["pgh_context_id"], name=f"{name}_event_op")]
        if (owner := _owner(model)) is not None:
            indexes.append(models.Index(fields=[owner], name=f"{name}_event_{owner}"))
        if found_by:
            indexes.append(models.Index(fields=list(found_by), name=f"{name}_event_found_by"))
        wrapped: M = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(exclude) or None,
            # Only the operation's id, not a second table that every bulk write would touch.
            context_field=None,  # type: ignore[arg-type]
            attrs={"pgh_context_id": models.UUIDField(null=True)},
            meta={"indexes": indexes},
        )(model)
        wrapped.history = History()  # type: ignore[attr-defined]
        return wrapped

    return decorate


def _owner(model: type[models.Model]) -> str | None:
    """Of a table of links only, such as the tags of a deal, the side whose history tells of them: the first."""
    fields = [field for field in model._meta.local_fields if not field.primary_key]
    is_link = all(isinstance(field, models.ForeignKey) for field in fields)
    return fields[0].name if fields and is_link else None


@contextmanager
def operation(
    command: str,
    *,
    by: User | None,
    via: str = "web",
    at: datetime | None = None,
    about: dict[str, Any] | None = None,
) -> Iterator[Operation]:
    """Group all changes made inside under one entry of the history. An inner operation joins the outer.

    `command` is the dotted name of what is done ("deal.move"), `about` what the history shows of it.
    Opens no transaction: the caller does. With `at` in the past the changes are dated then.
    """
    from piste.core.models import Operation

    outer = _current.get()
    if outer is not None:
        yield outer
        return
    now = timezone.now()
    entry = Operation(command=command, by=by, via=via, at=at or now, about=about or {})
    with _marked(entry):
        token = _current.set(entry)
        try:
            yield entry
        finally:
            _current.reset(token)
        if abs(entry.at - now) > timedelta(minutes=1):
            _date(entry)


def current() -> Operation | None:
    """The operation being done, if any."""
    return _current.get()


def changed_along(model: type[models.Model], keys: list[Any]) -> None:
    """Note rows that a rule of the business has changed along with what was done, within whose reach or not.

    Who did it may take it back together with these.
    """
    entry = _current.get()
    if entry is not None:
        along = entry.about.get("along", {})
        name = model._meta.label_lower
        entry.about |= {"along": along | {name: [*along.get(name, ()), *keys]}}
        entry.save(update_fields=["about"])


@contextmanager
def _marked(entry: Operation) -> Iterator[None]:
    """Save the operation and let the triggers write its id into every event."""
    if not connection.in_atomic_block:
        # Each transaction inside needs the mark anew, and pghistory puts it before every statement.
        with pghistory.context() as context:
            entry.id = context.id
            _open(entry)
            yield
        return
    _open(entry)
    try:
        yield
    finally:
        if _can_write():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL pghistory.context_id = ''")


def _can_write() -> bool:
    """Whether the transaction goes on, and is not about to be rolled back."""
    live = connection.connection
    is_healthy = live is not None and live.info.transaction_status == TransactionStatus.INTRANS
    return is_healthy and not connection.needs_rollback


# One round trip. The mark ends with the transaction: no session state, so poolers may share connections.
_OPEN = """
INSERT INTO core_operation (id, command, by_id, via, at, about) VALUES (%s, %s, %s, %s, %s, %s)
RETURNING set_config('pghistory.context_id', id::text, true)
"""


def _open(entry: Operation) -> None:
    values: list[Any] = [entry.id, entry.command, entry.by_id, entry.via, entry.at, json.dumps(entry.about)]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, values)
    entry._state.adding, entry._state.db = False, connection.alias


def _date(entry: Operation) -> None:
    """Move the events of an operation to its own moment."""
    for table in rows_written(entry.pk):
        table.events.objects.filter(pgh_context_id=entry.pk).update(pgh_created_at=entry.at)
