"""A table: sorted, grouped, summed, edited in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Count, Model, QuerySet
from django.utils.translation import gettext_lazy

from piste.ui import formats
from piste.ui.aggregate import Bucket, GroupBy, Measure, aggregate
from piste.ui.modes.base import Look, Mode, joined, measured
from piste.ui.paging import Order, after, cursor, ordered
from piste.ui.paths import Path, resolve
from piste.ui.search import COUNT_LIMIT, count_up_to
from piste.ui.state import BadAddress

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Column:
    """A column head; `sort_url` sorts by it, or turns the order round."""

    name: str
    label: str
    kind: str
    sort_url: str
    direction: str
    end: bool
    editable: bool

    @property
    def classes(self) -> str:
        """The style classes of the column's cells."""
        return f"kind-{self.kind} end" if self.end else f"kind-{self.kind}"


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    text: str
    tags: list[tuple[str, str]]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    pk: int
    url: str
    cells: list[Cell]
    muted: bool


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The head of a group: what it is worth, and the address that shows or hides its rows."""

    label: str
    count: str
    totals: list[str]
    url: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    columns: list[Column]
    groups: list[GroupRow]
    rows: list[TableRow]
    totals: list[tuple[str, str]]
    more: str
    all_columns: list[tuple[str, str, bool, str]]
    count: int
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True)
class List(Mode):
    """`columns` are shown at first, `offered` can be added; `sort_by` maps a column to what sorts it."""

    name: ClassVar[str] = "list"
    icon: ClassVar[str] = "list"
    label: ClassVar[StrPromise] = gettext_lazy("List")

    columns: tuple[str, ...]
    offered: tuple[str, ...] = ()
    editable: tuple[str, ...] = ()
    totals: tuple[Measure, ...] = ()
    order: tuple[str, ...] = ("-id",)
    sort_by: tuple[tuple[str, str], ...] = ()
    muted: str = ""
    per_page: int = 80

    def build(self, look: Look) -> Table:
        names = self.shown(look)
        paths = [resolve(look.model, name) for name in names]
        orders = self.orders(look)
        columns = [self._column(look, path) for path in paths]
        rows = joined(self._opened(look), list(names))
        if look.state.after:
            rows = after(rows, orders, look.state.after)
        found = list(ordered(rows, orders)[: self.per_page + 1])
        more = ""
        if len(found) > self.per_page:
            found = found[: self.per_page]
            more = look.address(after=cursor(found[-1], orders), lane=look.state.lane)
        count, totals, extra = (0, [], {}) if look.state.after else self._sums(look)
        return Table(
            columns=columns,
            groups=[] if look.state.after else self._groups(look),
            rows=[self._row(look, row, paths, columns) for row in found],
            totals=totals,
            more=more,
            all_columns=self._choice(look, names),
            count=count,
            extra=extra,
        )

    def line(self, look: Look, record: Model) -> tuple[QuerySet[Any], list[Order]] | None:
        return self._opened(look), self.orders(look)

    def check(self, look: Look) -> None:
        self.shown(look)
        self.orders(look)

    def shown(self, look: Look) -> tuple[str, ...]:
        """The columns of the address. Raises `BadAddress` for one that is not offered."""
        if not look.state.columns:
            return self.columns
        names = tuple(dict.fromkeys(look.state.columns.split(",")))
        if any(name not in (*self.columns, *self.offered) for name in names):
            raise BadAddress(look.state.columns)
        return names

    def orders(self, look: Look) -> list[Order]:
        """The sort keys of the address, the row's id last. Raises `BadAddress`."""
        known = {name: dict(self.sort_by).get(name, name) for name in (*self.columns, *self.offered)}
        orders = []
        for part in look.state.sort.split(",") if look.state.sort else []:
            name = part.removeprefix("-")
            if name not in known or resolve(look.model, name).kind == "tags":
                raise BadAddress(part)
            orders.append(Order(known[name], part.startswith("-")))
        orders = orders[:4] or [Order.parse(name) for name in self.order]
        if orders[-1].path != "id":
            orders.append(Order("id", orders[-1].descending))
        return orders

    def paths(self) -> Iterator[str]:
        yield from (*self.columns, *self.offered, *measured(self.totals))

    def _opened(self, look: Look) -> QuerySet[Any]:
        """All rows; under a grouping, those of the open group only."""
        groups = look.groups
        if not groups:
            return look.rows
        if look.state.lane is None:
            return look.rows.none()
        return look.rows.filter(groups[0].condition(look.lane_of(groups[0])))

    def _column(self, look: Look, path: Path) -> Column:
        first = look.state.sort.split(",")[0]
        direction = "" if first.removeprefix("-") != path.name else "desc" if first.startswith("-") else "asc"
        sort = f"-{path.name}" if direction == "asc" or (not direction and path.is_end) else path.name
        can_edit = path.name in self.editable and look.screen.may(look.user, "change")
        sort_url = "" if path.kind == "tags" else look.address(sort=sort)
        return Column(path.name, path.label, path.kind, sort_url, direction, path.is_end, can_edit)

    def _row(self, look: Look, record: Model, paths: list[Path], columns: list[Column]) -> TableRow:
        return TableRow(
            pk=record.pk,
            url=record.get_absolute_url(),  # type: ignore[attr-defined]
            cells=[
                self._cell(look, record, path, column) for path, column in zip(paths, columns, strict=True)
            ],
            muted=bool(self.muted) and bool(getattr(record, self.muted)),
        )

    @staticmethod
    def _cell(look: Look, record: Model, path: Path, column: Column) -> Cell:
        if path.kind == "tags":
            return Cell(
                column, "", [(str(tag), getattr(tag, "colour", "")) for tag in path.value(record).all()]
            )
        return Cell(column, path.text(record, look.currency), [])

    def _sums(self, look: Look) -> tuple[int, list[tuple[str, str]], dict[str, Any]]:
        """Count, totals and the summary's figures in one query. A text with very many hits is only counted."""
        if look.state.text and (count := count_up_to(look.rows)) > COUNT_LIMIT:
            return count, [], {}
        summary = look.screen.summary
        extra = summary.sums(look) if summary else {}
        sums = {f"m{i}": measure.expression() for i, measure in enumerate(self.totals)}
        found = look.rows.order_by().aggregate(n=Count("*"), **sums, **extra)
        totals = [
            (measure.label(look.model), measure.text(look.model, found[f"m{i}"], look.currency))
            for i, measure in enumerate(self.totals)
        ]
        return found["n"], totals, {name: found[name] for name in extra}

    def _groups(self, look: Look) -> list[GroupRow]:
        groups = look.groups
        if not groups:
            return []
        measures = (Measure(), *self.totals)
        return [self._group(look, groups[0], bucket) for bucket in aggregate(look.rows, groups[:1], measures)]

    def _group(self, look: Look, by: GroupBy, bucket: Bucket) -> GroupRow:
        key = by.to_key(bucket.key[0])
        is_open = look.state.lane == key
        sums = zip(self.totals, bucket.values[1:], strict=True)
        return GroupRow(
            label=bucket.labels[0],
            count=formats.number(bucket.values[0]),
            totals=[measure.text(look.model, value, look.currency) for measure, value in sums],
            url=look.address(lane=None if is_open else key),
            open=is_open,
        )

    def _choice(self, look: Look, names: tuple[str, ...]) -> list[tuple[str, str, bool, str]]:
        every = dict.fromkeys((*self.columns, *self.offered))
        choice = []
        for name in every:
            changed = [n for n in names if n != name] if name in names else [*names, name]
            url = look.address(columns=",".join(changed)) if changed else ""
            choice.append((name, resolve(look.model, name).label, name in names, url))
        return choice
