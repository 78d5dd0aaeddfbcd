"""How rows of a file become records of a screen: what every model has in common.

A package says more about its own models in a module `importing`, by registering a `Maker` of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django.utils.text import capfirst

from piste.core.models import Named
from piste.ui.exchange.cells import Cell
from piste.ui.exchange.columns import Converter, Habits, converter
from piste.ui.exchange.matching import Field, Vocabulary
from piste.ui.exchange.plan import Plan
from piste.ui.exchange.references import Reference, References
from piste.ui.screen import Screen

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.ui.similar import Likeness


class BadRow(Exception):
    """The row as a whole cannot be. Names the field that is to blame."""

    def __init__(self, name: str, sentence: str) -> None:
        self.name, self.sentence = name, sentence
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Session:
    """Who imports, when, and by which plan."""

    user: User
    at: datetime
    zone: tzinfo
    plan: Plan

    @property
    def today(self) -> date:
        return timezone.localdate(self.at, self.zone)


@dataclass(slots=True)
class Made:
    """A record not yet written, what must be written before it, and the rows it is linked to."""

    record: models.Model
    before: list[models.Model] = field(default_factory=list)
    links: dict[str, list[models.Model]] = field(default_factory=dict)


class Maker:
    """Makes records of a screen's model from values by field name."""

    #: Titles that other programs give to the fields.
    titles: ClassVar[Vocabulary] = {}
    #: Fields beside those of the screen's form, with their labels.
    further: ClassVar[Mapping[str, Any]] = {}
    #: Names of the record that other programs put before a title.
    prefixes: ClassVar[tuple[str, ...]] = ()
    #: Fields whose column must be there, and those whose cells must not be empty if it is.
    needed: ClassVar[tuple[str, ...]] = ("name",)
    required: ClassVar[tuple[str, ...]] = ("name",)
    #: Lists to which an import may add.
    adds: ClassVar[frozenset[str]] = frozenset()
    #: Relations that are found by what the whole row says, not by a list of names.
    free: ClassVar[frozenset[str]] = frozenset()
    #: Words of other programs for choices.
    words: ClassVar[Mapping[str, dict[str, Any]]] = {}
    #: How often the file is gone through; `turn` says in which round a row is due.
    turns: ClassVar[int] = 1

    def __init__(self, screen: Screen, session: Session) -> None:
        self.screen, self.session = screen, session
        self.model: Any = screen.model
        self._references: dict[type[models.Model], Reference] = {}

    @classmethod
    def fields(cls, screen: Screen) -> tuple[Field, ...]:
        """What a column may fill, in the order of the form."""
        labels: dict[str, Any] = {}
        for name in screen.form.base_fields:
            column = cls.column(screen.model, name)
            if column is not None:
                labels[name] = capfirst(str(column.verbose_name))
        labels |= cls.further
        return tuple(Field(name, label, *cls.titles.get(name, ((), ()))) for name, label in labels.items())

    @staticmethod
    def column(model: type[models.Model], name: str) -> models.Field[Any, Any] | None:
        try:
            column = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        return column if isinstance(column, models.Field) else None

    def converter(self, name: str, habits: Habits) -> Converter:
        """How cells of a column become values of the field."""
        column = self.column(self.model, name)
        if column is None:
            raise LookupError(name)
        if isinstance(column, models.ManyToManyField):
            return References(self.reference(name))
        if isinstance(column, models.ForeignKey):
            return self.reference(name)
        session = self.session
        return converter(column, habits, today=session.today, zone=session.zone, also=self.words.get(name))

    def reference(self, name: str) -> Reference:
        """The rows that the field may point at."""
        column = self.column(self.model, name)
        target: Any = column.related_model if column is not None else None
        stands_for = self.session.plan.values.get(name, {})
        if stands_for or target not in self._references:
            found = Reference(target, self.session.user, stands_for=stands_for, adds=name in self.adds)
            if stands_for:
                return found
            self._references[target] = found
        return self._references[target]

    def default(self, name: str, pk: int | None) -> Any:
        """The row that stands in where the file names none, if the user may use it."""
        return self.reference(name).row(pk)

    def unknown(self, name: str, cells: Iterable[Cell]) -> list[Cell]:
        """Those of the cells that name no row of the field's list, where an import adds none."""
        column = self.column(self.model, name)
        if not isinstance(column, models.ForeignKey) or name in self.free:
            return []
        reference = self.reference(name)
        return [] if reference.adds else [cell for cell in cells if not reference.knows(cell)]

    def turn(self, _cells: Mapping[str, Cell]) -> int:
        return 0

    def make(self, values: Mapping[str, Any]) -> Made:
        """The record of the values. Raises `BadRow`."""
        record = self.model()
        made = Made(record)
        for name, value in values.items():
            self._put(made, name, value)
        if hasattr(record, "created_by_id"):
            record.created_by = self.session.user
        return made

    def _put(self, made: Made, name: str, value: Any) -> None:
        column = self.column(self.model, name)
        if isinstance(column, models.ManyToManyField):
            made.links[name] = value
            made.before += [row for row in value if row.pk is None]
            return
        if isinstance(value, models.Model) and value.pk is None:
            made.before.append(value)
        setattr(made.record, name, value)

    def similar(self, made: Sequence[Made]) -> Sequence[Likeness | None]:
        """For each record the most similar of those that were there before the import, if any."""
        return [None] * len(made)

    def save(self, made: Sequence[Made]) -> None:
        """Write the records. Models with more than a handful of rows do it in bulk."""
        for one in made:
            one.record.save()

    def link(self, made: Sequence[Made]) -> None:
        """Write the rows that link records to others, as tags."""
        for name in {name for one in made for name in one.links}:
            through: Any = self.model._meta.get_field(name).remote_field.through
            here, there = self._ends(name)
            rows = [
                through(**{here: one.record.pk, there: row.pk})
                for one in made
                for row in one.links.get(name, ())
            ]
            through._base_manager.bulk_create(rows, batch_size=2_000)

    def _ends(self, name: str) -> tuple[str, str]:
        column: Any = self.model._meta.get_field(name)
        through = column.remote_field.through
        here = through._meta.get_field(column.m2m_field_name())
        there = through._meta.get_field(column.m2m_reverse_field_name())
        return here.attname, there.attname


def save_new(rows: Iterable[models.Model]) -> None:
    """Write new rows in bulk, each after those it points at."""
    waiting = list(rows)
    while waiting:
        ready = [row for row in waiting if not any(map(_is_new, _pointed_at(row)))]
        if not ready:
            raise ValueError(f"{waiting[0]!r} points at a row that is never written")
        for model in {type(row): None for row in ready}:
            model._base_manager.bulk_create([row for row in ready if type(row) is model], batch_size=1_000)
        waiting = [row for row in waiting if _is_new(row)]


def take_back(rows: Sequence[models.Model]) -> None:
    """Make rows as new as they were before a writing that was undone."""
    for row in rows:
        row.pk = None
        row._state.adding = True
    for row in rows:
        for column in _links(row):
            setattr(row, column.name, getattr(row, column.name))


def _is_new(row: models.Model) -> bool:
    return row.pk is None


def _links(row: models.Model) -> Iterator[models.Field[Any, Any]]:
    """The columns that point at a row which is at hand."""
    for column in row._meta.concrete_fields:
        if isinstance(column, models.ForeignKey) and column.is_cached(row):
            yield column


def _pointed_at(row: models.Model) -> Iterator[models.Model]:
    return (pointed for column in _links(row) if (pointed := getattr(row, column.name)) is not None)


_makers: dict[type[models.Model], type[Maker]] = {}


def register_maker(model: type[models.Model], maker: type[Maker]) -> None:
    """Make the rows of this model and of those derived from it in a way of their own."""
    _makers[model] = maker


def maker_for(screen: Screen) -> type[Maker] | None:
    """How the screen's rows are made of a file's; None where none can be, as of people who sign in."""
    _discover()
    own = next((_makers[cls] for cls in screen.model.__mro__ if cls in _makers), None)
    return Maker if own is None and issubclass(screen.model, Named) else own


@cache
def _discover() -> None:
    autodiscover_modules("importing")
