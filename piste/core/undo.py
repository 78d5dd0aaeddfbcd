"""Undo of any operation: the inverse of every row event that it caused."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _
from psycopg import errors

from piste.core.conflicts import Conflict, sentence
from piste.core.history import current, operation
from piste.core.models import Operation
from piste.core.tables import rows_written
from piste.core.takingback import Plan
from piste.core.transitions import Refused

if TYPE_CHECKING:
    from piste.accounts.models import User


class UndoConflict(Refused):
    """Something has been changed since; the rest can be undone."""

    def __init__(self, conflicts: list[Conflict], *, at: datetime) -> None:
        self.conflicts = conflicts
        super().__init__(sentence(conflicts, at=at))


def may_undo(done: Operation, user: User) -> bool:
    """One's own operations, and with the right to it those of others. The rows are the gate's business."""
    return done.by_id == user.pk or user.has_perm("accounts.undo_others")


def touched(done: Operation) -> dict[type[models.Model], set[Any]]:
    """The keys of all rows that the operation wrote, by model."""
    return {table.model: keys for table, keys in rows_written(done.pk).items()}


def undo(done: Operation, *, by: User, at: datetime, via: str = "web", rest: bool = False) -> Operation:
    """Take an operation back, and tell it as an operation that can itself be undone.

    Raises `UndoConflict` when a value has been changed since; with `rest` everything else is undone. Raises
    `Refused` when it has been undone already or other records depend on what it made.
    """
    if current() is not None:
        raise RuntimeError("Undo is an operation of its own.")
    try:
        with transaction.atomic():
            done = Operation.objects.select_for_update().get(pk=done.pk)
            if done.undone_by_id is not None:
                raise Refused(_("This has been undone already."))
            with operation("undo", by=by, via=via, at=at, about=_about(done)) as entry:
                _take_back(Plan(done), at=at, rest=rest)
            _mark_undone(done, entry)
            return entry
    except (IntegrityError, models.ProtectedError) as error:
        raise Refused(_impossible(error)) from error


def _about(done: Operation) -> dict[str, Any]:
    """What the history shows of the undoing: what it undoes, and the record that was about."""
    shown = {name: done.about[name] for name in ("model", "pk", "label", "count") if name in done.about}
    return {"undoes": str(done.pk), "command": done.command} | shown


def _take_back(plan: Plan, *, at: datetime, rest: bool) -> None:
    if rest:
        plan.spare_what_is_in_use()
    elif conflicts := plan.conflicts():
        raise UndoConflict(conflicts, at=at)
    elif hanging := next(plan.hanging(), None):
        raise Refused(hanging.sentence)
    if plan.is_empty:
        raise Refused(_("Nothing is left to undo."))
    plan.carry_out(at=at)
    connection.check_constraints()


def _mark_undone(done: Operation, entry: Operation) -> None:
    """Note what is undone now. Undoing an undo does its operation again, and so on down the chain."""
    doing, undone, stands = entry, done, True
    while True:
        undone.undone_by = doing if stands else None
        undone.save(update_fields=["undone_by"])
        if (before := undone.about.get("undoes")) is None:
            return
        doing, undone, stands = undone, Operation.objects.get(pk=before), not stands


def _impossible(error: Exception) -> str:
    """Why the database refuses to go back."""
    cause = error.__cause__
    if isinstance(cause, errors.UniqueViolation):
        return _("This cannot be undone: another record has taken the place of one that would come back.")
    if isinstance(cause, errors.ForeignKeyViolation):
        return _("This cannot be undone: something that it would bring back has been deleted since.")
    return _("This cannot be undone: later changes stand in the way.")
