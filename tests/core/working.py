"""Work as it comes from a screen, one operation at a time, and rows to compare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Model

from piste.accounts.models import User
from piste.core.history import operation
from piste.core.models import Operation


def did(
    by: User | None, work: Callable[[], Any], command: str = "deal.edit", at: datetime | None = None
) -> Operation:
    """Do the work as one operation."""
    with operation(command, by=by, at=at) as entry:
        work()
    return entry


def edit(row: Model, **values: Any) -> None:
    """Do what a form does: read the row afresh, change it, save it."""
    fresh = type(row)._base_manager.get(pk=row.pk)
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.save()


def edited(by: User | None, row: Model, **values: Any) -> Operation:
    return did(by, partial(edit, row, **values))


def columns(model: type[Model], *without: str) -> list[dict[str, Any]]:
    """Every row with every column, but for the moment of its last change."""
    names = {field.attname for field in model._meta.concrete_fields} - {"updated_at", *without}
    return list(model._base_manager.order_by("pk").values(*sorted(names)))
