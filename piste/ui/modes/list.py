"""A table: sorted, grouped, summed, edited in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Count, Model, QuerySet
from django.utils.translation import get_language, gettext_lazy
from markupsafe import Markup

from piste.ui import formats
from piste.ui.aggregate import Bucket, GroupBy, Measure, aggregate
from piste.ui.modes import columns as heads
from piste.ui.modes.base import Look, Mode, joined, measured, needed
from piste.ui.modes.columns import Choice, Chosen, Column, Sorting
from piste.ui.modes.drawn import Kept, macro
from piste.ui.paging import Order, after, cursor, ordered
from piste.ui.paths import Path, resolve
from piste.ui.search import COUNT_LIMIT
from piste.ui.state import BadAddress

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row; `html` is what a drawing made of it."""

    column: Column
    text: str
    tags: list[tuple[str, str]]
    tone: str = ""
    html: Markup | str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A column that shows more than its value as text: `draw` makes the inside of its cells, `label` heads it."""

    name: str
    draw: Callable[[Any, Look], Markup]
    label: str | StrPromise = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of the table: its cells, and what they look like on the page."""

    pk: int
    url: str
    cells: list[Cell]
    muted: bool
    html: Markup = Markup()


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
    choices: list[Choice]
    sized: bool
    usual_url: str
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
    drawings: tuple[Drawing, ...] = ()
    kept: Kept = field(init=False, repr=False, compare=False, default_factory=Kept)

    def build(self, look: Look) -> Table:
        chosen = self.chosen(look)
        names = [column.name for column in chosen]
        paths = [resolve(look.model, name) for name in names]
        orders = self.orders(look)
        columns = self._columns(look, chosen, paths)
        rows = self._opened(look)
        if look.state.after:
            rows = after(rows, orders, look.state.after)
        keys = list(ordered(rows, orders).values_list("pk", flat=True)[: self.per_page + 1])
        found = self._read(look, keys[: self.per_page], [*names, *(order.path for order in orders)])
        more = ""
        if len(keys) > self.per_page and found:
            more = look.address(after=cursor(found[-1], orders), lane=look.state.lane)
        count, totals, extra = (0, [], {}) if look.state.after else self._sums(look)
        return Table(
            columns=columns,
            groups=[] if look.state.after else self._groups(look),
            rows=self._drawn(look, [self._row(look, row, paths, columns) for row in found], columns),
            totals=totals,
            more=more,
            choices=[] if look.state.after else self._choices(look, chosen),
            sized=any(column.width for column in chosen),
            usual_url=look.address(columns="") if look.state.columns else "",
            count=count,
            extra=extra,
        )

    def line(self, look: Look, record: Model) -> tuple[QuerySet[Any], list[Order]] | None:
        return self._opened(look), self.orders(look)

    def check(self, look: Look) -> None:
        self.shown(look)
        self.orders(look)

    def chosen(self, look: Look) -> list[Chosen]:
        """The columns of the address with their widths. Raises `BadAddress` for one that is not offered."""
        return heads.read(look.state.columns, self.columns, self.offered)

    def shown(self, look: Look) -> tuple[str, ...]:
        """The names of the columns of the address."""
        return tuple(column.name for column in self.chosen(look))

    def orders(self, look: Look) -> list[Order]:
        """The sort keys of the address, the row's id last. Raises `BadAddress`."""
        known = {name: dict(self.sort_by).get(name, name) for name in (*self.columns, *self.offered)}
        orders = []
        for name, descending in Sorting.read(look.state.sort).keys.items():
            if name not in known or resolve(look.model, name).kind == "tags":
                raise BadAddress(name)
            orders.append(Order(known[name], descending))
        orders = orders or [Order.parse(name) for name in self.order]
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

    def _columns(self, look: Look, chosen: list[Chosen], paths: list[Path]) -> list[Column]:
        sorting, may_change = Sorting.read(look.state.sort), look.screen.may(look.user, "change")
        address = self._addresses(look, "sort", "o")
        columns = [
            heads.column(
                path,
                sorting,
                address,
                editable=may_change and path.name in self.editable,
                width=width,
            )
            for path, width in zip(paths, heads.widths(look.model, chosen), strict=True)
        ]
        labels = {one.name: str(one.label) for one in self.drawings if one.label}
        return [replace(one, label=labels[one.name]) if one.name in labels else one for one in columns]

    def _read(self, look: Look, keys: list[Any], names: list[str]) -> list[Any]:
        """The records that the reader has been found to reach, in order, with the columns that are shown.

        Sorting goes first and alone: with the joins of what is shown it would read a thousand customers for eighty.
        """
        rows = joined(look.model._base_manager.filter(pk__in=keys), names)
        if not self.drawings:
            rows = rows.only(*needed(look.model, [*names, *([self.muted] if self.muted else [])]))
        found = {record.pk: record for record in rows}
        return [found[key] for key in keys if key in found]

    def _drawn(self, look: Look, rows: list[TableRow], columns: list[Column]) -> list[TableRow]:
        sized = any(column.width for column in columns)
        looks = tuple((column.name, column.label, column.classes, column.editable) for column in columns)
        here = (get_language(), look.screen.url, sized, looks)
        return [replace(row, html=self._line(here, row, look.screen.url, sized=sized)) for row in rows]

    def _line(self, here: tuple[Any, ...], row: TableRow, url: str, *, sized: bool) -> Markup:
        cells = tuple((cell.text, cell.tone, cell.html, tuple(cell.tags)) for cell in row.cells)
        key = (here, row.pk, row.url, row.muted, cells)
        return self.kept.get(key, lambda: macro("ui/modes/list_row.html", "line", row, url, sized))

    def _row(self, look: Look, record: Model, paths: list[Path], columns: list[Column]) -> TableRow:
        cells = [self._cell(look, record, path, column) for path, column in zip(paths, columns, strict=True)]
        for drawing in self.drawings:
            cells = [
                replace(cell, html=drawing.draw(record, look)) if cell.column.name == drawing.name else cell
                for cell in cells
            ]
        return TableRow(
            pk=record.pk,
            url=record.get_absolute_url(),  # type: ignore[attr-defined]
            cells=cells,
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
        summary = look.screen.summary
        extra = summary.sums(look) if summary else {}
        sums = {f"m{i}": measure.expression() for i, measure in enumerate(self.totals)}
        rows = look.rows.order_by()
        found = (rows[: COUNT_LIMIT + 1] if look.state.text else rows).aggregate(
            n=Count("*"), **sums, **extra
        )
        if look.state.text and found["n"] > COUNT_LIMIT:
            return found["n"], [], {}
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

    def _choices(self, look: Look, chosen: list[Chosen]) -> list[Choice]:
        address = self._addresses(look, "columns", "cols")
        return heads.choices(look.model, chosen, self.columns, self.offered, address)

    @staticmethod
    def _addresses(look: Look, field: str, parameter: str) -> Callable[[str], str]:
        """Addresses that differ in one thing only; the rest is written once, for a table has a hundred of them."""
        rest = look.address(**{field: ""})
        start = f"{rest}&{parameter}="
        return lambda value: f"{start}{value}" if value else rest
