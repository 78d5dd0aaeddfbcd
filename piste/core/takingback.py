"""The plan of an undo: what goes, what comes back, what stays as it is, and why."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from piste.core import inverse
from piste.core.conflicts import Conflict, conflicts_of
from piste.core.inverse import Step
from piste.core.models import Operation
from piste.core.tables import Table, cascades, find_table, rows_written, table_of, tables


@dataclass(frozen=True, slots=True)
class Hanging:
    """A row that stays points at one that would go."""

    field: models.ForeignKey[Any, Any]
    pk: Any
    on: Any

    @property
    def sentence(self) -> str:
        parent = self.field.related_model._base_manager.get(pk=self.on)
        row = self.field.model._base_manager.get(pk=self.pk)
        return _("This cannot be undone: “%(row)s” depends on “%(parent)s”.") % {"row": row, "parent": parent}


class Plan:
    """What undoing an operation would do to which rows. Making it locks them."""

    def __init__(self, done: Operation) -> None:
        written = rows_written(done.pk)
        self.steps: dict[Table, list[Step]] = {}
        for table in tables():
            if table in written:
                inverse.lock(table, written[table])
                self.steps[table] = inverse.steps_of(table, done.pk)
        self.going = {
            table: {step.key for step in steps if step.inserted} for table, steps in self.steps.items()
        }

    @property
    def is_empty(self) -> bool:
        steps = [step for steps in self.steps.values() for step in steps]
        return not any(self.going.values()) and not any(step.deleted or step.returns for step in steps)

    def conflicts(self) -> list[Conflict]:
        """What has been changed since, of what the operation wrote."""
        return [
            conflict
            for table, steps in self.steps.items()
            for conflict in conflicts_of(table, [step for step in steps if step.is_overtaken])
        ]

    def hanging(self) -> Iterator[Hanging]:
        """The rows, tracked or not, that would lose what they point at."""
        for table, keys in self.going.items():
            for field in table.dependants if keys else ():
                child = find_table(field.model)
                if child is None and cascades(field):
                    continue
                rows = field.model._base_manager.filter(**{f"{field.name}__in": keys})
                if child is not None:
                    rows = rows.exclude(pk__in=self._moving(child, field.column))
                for pk, on in rows.values_list("pk", field.attname):
                    yield Hanging(field, pk, on)

    def _moving(self, table: Table, column: str) -> Set[Any]:
        """Rows that go, or that will point elsewhere."""
        steps = self.steps.get(table, ())
        return self.going.get(table, set()) | {s.key for s in steps if s.updated and column in s.same}

    def spare_what_is_in_use(self) -> None:
        """Let new rows stay that have changed since or that others hang on, with what belongs to them."""
        self._spare(
            {
                table: {step.key for step in steps if step.inserted and step.is_overtaken}
                for table, steps in self.steps.items()
            }
        )
        while found := list(self.hanging()):
            self._spare(self._used(found))

    def _used(self, found: list[Hanging]) -> dict[Table, set[Any]]:
        used: dict[Table, set[Any]] = {}
        for one in found:
            used.setdefault(table_of(one.field.related_model), set()).add(one.on)
        return used

    def _spare(self, rows: dict[Table, set[Any]]) -> None:
        while any(rows.values()):
            for table, keys in rows.items():
                self.going[table] -= keys
            rows = self._with_what_belongs_to(rows)

    def _with_what_belongs_to(self, rows: dict[Table, set[Any]]) -> dict[Table, set[Any]]:
        """New rows that these point at, and new rows that are part of them."""
        more: dict[Table, set[Any]] = {table: set() for table in self.going}
        for table, keys in rows.items():
            here = table.model._base_manager.filter(pk__in=keys)
            for field in table.relations.values():
                target = find_table(field.related_model)
                if target in self.going:
                    more[target] |= set(here.values_list(field.attname, flat=True)) & self.going[target]
            for field in table.parts:
                child = find_table(field.model)
                if child in self.going:
                    parts = child.model._base_manager.filter(**{f"{field.name}__in": keys})
                    more[child] |= set(parts.values_list("pk", flat=True)) & self.going[child]
        return more

    def carry_out(self, *, at: datetime) -> None:
        """Remove rows in any order, for references are checked last; bring back rows after those they point at."""
        for table, keys in self.going.items():
            if keys:
                inverse.remove(table, keys)
        for table, steps in self.steps.items():
            # A name may have to be free before the row that had it comes back, and that row must be there
            # before another of its table points at it.
            inward = {name for name, field in table.relations.items() if field.related_model is table.model}
            updated = [step for step in steps if step.updated]
            inverse.reset(table, updated, table.recorded.keys() - inward, at=at)
            inverse.restore(table, {s.key: s.before for s in steps if s.deleted and s.before}, at=at)
            inverse.reset(table, updated, inward, at=at)
