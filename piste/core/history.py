"""Every change is recorded by database triggers and grouped into operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import pghistory
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.core.models import Operation

M = TypeVar("M", bound=type[models.Model])

_current: ContextVar[Operation | None] = ContextVar("operation", default=None)


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[M], M]:
    """Write every insert, update and delete of the model to its event table."""

    def decorate(model: M) -> M:
        index = models.Index(fields=["pgh_context_id"], name=f"{model.__name__.lower()}_event_op")
        wrapped: M = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(exclude) or None,
            # Only the operation's id, not a second table that every bulk write would touch.
            context_field=None,
            attrs={"pgh_context_id": models.UUIDField(null=True)},
            meta={"indexes": [index]},
        )(model)
        return wrapped

    return decorate


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
    Opens no transaction: the caller does.
    """
    from piste.core.models import Operation

    outer = _current.get()
    if outer is not None:
        yield outer
        return
    with pghistory.context() as context:
        entry = Operation.objects.create(
            id=context.id, command=command, by=by, via=via, at=at or timezone.now(), about=about or {}
        )
        token = _current.set(entry)
        try:
            yield entry
        finally:
            _current.reset(token)


def current() -> Operation | None:
    """The operation being done, if any."""
    return _current.get()
