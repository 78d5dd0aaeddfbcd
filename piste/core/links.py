"""What points at the rows of a table, found from the models of all packages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import pghistory
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import FirstValue


class NotMovable(TypeError):
    """A link that cannot be moved by changing a column."""


@dataclass(frozen=True, slots=True)
class Once:
    """A rule by which a row may be there only once: the other columns that make it the same."""

    others: tuple[str | Combinable, ...]
    condition: Q | None = None
    empty_differs: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A column that holds the key of rows of one table; a generic one says in another column of which table."""

    model: type[models.Model]
    column: str
    #: The column of the rows pointed at, nearly always their key.
    target: str
    once: tuple[Once, ...]
    kind_column: str = ""

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.column}"

    def move(self, others: Sequence[models.Model], survivor: models.Model, *, at: datetime) -> None:
        """Point the rows at the survivor."""
        rows = self._rows(others)
        if self._is_own(survivor):
            # Nothing points at itself, and what goes keeps what it had, so that it comes back with it.
            if self.model._meta.get_field(self.column).null:
                rows.filter(pk=survivor.pk).update(**{self.column: None})
            rows = rows.exclude(pk__in=[row.pk for row in (survivor, *others)])
        dated = [
            field.attname for field in self.model._meta.concrete_fields if getattr(field, "auto_now", False)
        ]
        rows.update(**{self.column: self._key(survivor)}, **dict.fromkeys(dated, at))

    def doubles(self, others: Sequence[models.Model], survivor: models.Model) -> dict[Any, list[Any]]:
        """For each row that stays, those that would become the same. The survivor's stay, then the first one's."""
        found: defaultdict[Any, list[Any]] = defaultdict(list)
        gone: set[Any] = set()
        for once in self.once:
            rows = self._rows([survivor, *others]).exclude(pk__in=gone)
            if self._is_own(survivor):
                rows = rows.exclude(pk__in=[row.pk for row in (survivor, *others)])
            for pk, kept in self._first(rows, once, [survivor, *others]):
                found[kept].append(pk)
                gone.add(pk)
        return found

    def _first(self, rows: models.QuerySet[Any], once: Once, records: Sequence[models.Model]) -> list[Any]:
        if once.condition is not None:
            rows = rows.filter(once.condition)
        alike: list[Any] = [F(part) if isinstance(part, str) else part for part in once.others]
        if once.empty_differs:
            for name in (part for part in once.others if isinstance(part, str)):
                rows = rows.filter(**{f"{name}__isnull": False})
        order = [When(**{self.column: self._key(row)}, then=place) for place, row in enumerate(records)]
        place = Case(*order, default=Value(len(records)), output_field=models.IntegerField())
        first = Window(
            FirstValue("pk"), partition_by=alike or [Value(1)], order_by=[place.asc(), F("pk").asc()]
        )
        pairs = rows.order_by().annotate(first_alike=first).values_list("pk", "first_alike")
        return [(pk, kept) for pk, kept in pairs if pk != kept]

    def _rows(self, records: Sequence[models.Model]) -> models.QuerySet[Any]:
        rows = self.model._base_manager.filter(**{f"{self.column}__in": [self._key(row) for row in records]})
        if self.kind_column:
            rows = rows.filter(**{f"{self.kind_column}__in": _kinds(type(records[0]))})
        return rows

    def _key(self, record: models.Model) -> Any:
        key = getattr(record, self.target)
        field = self.model._meta.get_field(self.column)
        # A generic link often keeps keys as text, so that it fits any table.
        return field.to_python(key) if self.kind_column else key  # type: ignore[union-attr]

    def _is_own(self, record: models.Model) -> bool:
        return not self.kind_column and self.model._meta.concrete_model is record._meta.concrete_model


@cache
def links_of(table: type[models.Model]) -> tuple[Link, ...]:
    """Every link to the rows of a table. Raises `NotMovable` for one that has to be handled by hand."""
    return (*_keys(table), *_generic())


def _keys(table: Any) -> Iterator[Link]:
    """Foreign keys, one-to-one relations and the rows of many-to-many ones."""
    recorded = set(pghistory.core.event_models())
    for relation in table._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        field: Any = relation.field
        child = field.model
        if child in recorded or not child._meta.managed or child._meta.proxy:
            continue
        if field.primary_key:
            raise NotMovable(f"{child._meta.label}.{field.name} is the key of its own rows.")
        yield Link(child, field.attname, field.target_field.attname, tuple(_rules(child, field)))


@cache
def _generic() -> tuple[Link, ...]:
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.private_fields if not model._meta.proxy else ():
            if isinstance(field, GenericForeignKey) and _owns(field, model):
                key: Any = model._meta.get_field(field.fk_field)
                kind: Any = model._meta.get_field(field.ct_field)
                rules = tuple(_rules(model, key))
                found.append(Link(model, key.attname, "pk", rules, kind.attname))
    return tuple(found)


def _owns(field: GenericForeignKey, model: Any) -> bool:
    """Whether the columns of the generic link are the model's own and not its parent's."""
    return field.fk_field in {one.name for one in model._meta.local_fields}


def _rules(model: Any, field: Any) -> Iterator[Once]:
    """The rules of uniqueness that the column has a part in."""
    if field.unique:
        yield Once(())
    for names in model._meta.unique_together:
        if field.name in names:
            yield Once(tuple(name for name in names if name != field.name))
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield from _rule(constraint, field)
        elif not isinstance(constraint, models.CheckConstraint) and _names(constraint, field):
            raise NotMovable(f"{model._meta.label}: {constraint.name} is neither a check nor a uniqueness.")


def _rule(constraint: models.UniqueConstraint, field: Any) -> Iterator[Once]:
    parts: list[Any] = [*constraint.fields]
    for expression in constraint.expressions:
        bare: Any = expression.expression if isinstance(expression, OrderBy) else expression
        parts.append(getattr(bare, "name", "") if isinstance(bare, F) else bare)
    names = {field.name, field.attname}
    if not any(isinstance(part, str) and part in names for part in parts):
        if any(not isinstance(part, str) and _reads(part, names) for part in parts):
            raise NotMovable(f"{constraint.name} hides {field.name} in an expression.")
        return
    others = tuple(part for part in parts if not (isinstance(part, str) and part in names))
    yield Once(others, constraint.condition, constraint.nulls_distinct is not False)


def _reads(expression: Any, names: set[str]) -> bool:
    if isinstance(expression, F):
        return getattr(expression, "name", "") in names
    return any(_reads(part, names) for part in expression.get_source_expressions() if part is not None)


def _names(constraint: Any, field: Any) -> bool:
    """Whether a constraint of another kind speaks of the column."""
    names = {field.name, field.attname}
    parts = [part for part, *_operator in getattr(constraint, "expressions", ())]
    return any(part in names if isinstance(part, str) else _reads(part, names) for part in parts)


def _kinds(model: type[models.Model]) -> list[int]:
    """The content types under which generic links may know the rows: of the model and of its proxies."""
    table = model._meta.concrete_model
    same = [other for other in apps.get_models() if other._meta.concrete_model is table]
    types = ContentType.objects.get_for_models(*same, for_concrete_models=False)
    return [kind.pk for kind in types.values()]
