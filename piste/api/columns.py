"""The fields of a resource: those that its screen names, under the names of the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.utils.translation import get_language

from piste.core.access import ScopedQuerySet
from piste.core.models import Named
from piste.ui.modes import List
from piste.ui.paths import Path, resolve
from piste.ui.screen import Screen

if TYPE_CHECKING:
    from piste.accounts.models import User

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One field: where its value is, and whether the screen's form writes it."""

    name: str
    path: Path
    writable: bool

    @property
    def source(self) -> str:
        """The column to read; of a relation the key, which costs no join."""
        return str(self.path.field.attname)

    @property
    def related(self) -> type[Model] | None:
        """The model of the record or records it points to."""
        model = self.path.field.related_model if self.path.kind in ("relation", "tags") else None
        return model if isinstance(model, type) else None

    @property
    def is_many(self) -> bool:
        return self.path.kind == "tags"


def columns_of(screen: Screen) -> tuple[Column, ...]:
    """The id, what the form writes, and what else the screen shows of the record itself."""
    written = screen.form.base_fields
    names = dict.fromkeys(("id", *written, *_shown(screen)))
    own = {field.name for field in (*screen.model._meta.concrete_fields, *screen.model._meta.many_to_many)}
    return tuple(Column(name, resolve(screen.model, name), name in written) for name in names if name in own)


def _shown(screen: Screen) -> Iterator[str]:
    """What people see of a record; the columns that only serve searching and sorting are not among it."""
    table = screen.mode_of(List)
    if table is not None:
        yield from (*table.columns, *table.offered)
    yield from (*screen.page.paths(), *screen.search.builder, *screen.search.periods)
    yield from (group.path for group in screen.search.group_by)
    if table is not None and table.muted:
        yield table.muted
    for name in ("created_at", "updated_at"):
        if _has(screen.model, name):
            yield name


def _has(model: type[Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def records(
    rows: QuerySet[Any], columns: Sequence[Column], user: User, also: Sequence[str] = ()
) -> tuple[list[Record], list[tuple[Any, ...]]]:
    """The rows as JSON shows them, and beside each the values of the paths in `also`, as they are.

    The number of queries depends on the columns, not on the rows.
    """
    single = [column for column in columns if not column.is_many]
    many = [column for column in columns if column.is_many]
    found = list(rows.values_list(*(column.source for column in single), *also))
    width = len(single)
    made = [dict(zip((c.name for c in single), map(plain, row), strict=False)) for row in found]
    links = {column.name: _links(column, [record["id"] for record in made]) for column in many}
    for record in made:
        record |= {name: linked[record["id"]] for name, linked in links.items()}
    _add_names(made, [column for column in columns if column.related], user)
    return made, [row[width:] for row in found]


def plain(value: Any) -> Any:
    """A value as JSON has it: amounts as exact text, days and moments in ISO 8601, moments in UTC."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _links(column: Column, keys: list[int]) -> defaultdict[int, list[int]]:
    """The keys that each record is linked to."""
    linked: defaultdict[int, list[int]] = defaultdict(list)
    rows = column.path.field.model._base_manager.filter(pk__in=keys, **{f"{column.name}__isnull": False})
    for key, other in rows.order_by("pk", f"{column.name}__pk").values_list("pk", f"{column.name}__pk"):
        linked[key].append(other)
    return linked


def _add_names(made: list[Record], columns: list[Column], user: User) -> None:
    """Give every record the names of what it points to: read once for each model, and only within reach."""
    wanted: defaultdict[type[Model], set[int]] = defaultdict(set)
    for column in columns:
        assert column.related is not None
        for record in made:
            value = record[column.name]
            wanted[column.related] |= set(value) if column.is_many else {value} - {None}
    names = {model: names_of(model, keys, user) for model, keys in wanted.items()}
    for record in made:
        record["names"] = {c.name: _named(record[c.name], names[c.related].get) for c in columns if c.related}


def _named(value: Any, name: Callable[[int], str | None]) -> Any:
    return [name(key) for key in value] if isinstance(value, list) else name(value)


def names_of(model: type[Model], keys: set[int], user: User) -> dict[int, str]:
    """What the records are called in the reader's language, without making objects of them."""
    if not keys:
        return {}
    rows = model._default_manager.all()
    reached = (rows.for_user(user) if isinstance(rows, ScopedQuerySet) else rows).filter(pk__in=keys)
    if issubclass(model, Named):
        english = get_language() == "en"
        listed = reached.order_by().values_list("pk", "name", "name_en")
        return {pk: name_en if english and name_en else name for pk, name, name_en in listed}
    if _has(model, "name"):
        return dict(reached.order_by().values_list("pk", "name"))
    return {row.pk: str(row) for row in reached}
