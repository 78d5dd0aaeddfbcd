"""Cards in lanes, with what each lane is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import IntegerField, Model, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.ui.aggregate import GroupBy, Measure
from piste.ui.modes.base import Look, Mode, measured
from piste.ui.modes.drawn import Drawer, Drawn, MakeCard, Printing
from piste.ui.modes.lanes import Lane, LaneFacts, Named, Segment, Sums, Tally, head, part_of, tallied
from piste.ui.paging import Order, after, cursor_of, ordered
from piste.ui.paths import resolve
from piste.ui.state import BadAddress

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class BoardResult:
    """The lanes; whether and why not cards move; how many there are; the summary's figures."""

    lanes: list[Lane]
    movable: bool
    locked_reason: str
    count: int
    extra: dict[str, Any]


def _no_lanes(_look: Look) -> Sequence[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Board(Mode):
    """Cards in lanes. `card` makes what the macro `card` of the template shows of a row and its `linked` records
    (tags, members); a row has the `columns` as attributes and is no record, which would cost more to make than
    all the rest of the page. `lanes` gives the records whose lanes are there even when empty; `facts` says how
    such a lane looks."""

    name: ClassVar[str] = "board"
    icon: ClassVar[str] = "kanban"
    label: ClassVar[StrPromise] = gettext_lazy("Board")

    group_by: GroupBy | None
    card: MakeCard
    card_template: str
    columns: tuple[str, ...]
    linked: str = ""
    totals: tuple[Measure, ...] = ()
    segments: tuple[Segment, ...] = ()
    lanes: Callable[[Look], Sequence[Any]] = _no_lanes
    facts: Callable[[Any], LaneFacts] | None = None
    order: tuple[str, ...] = ("-priority", "-id")
    quick: bool = False
    per_lane: int = 40
    drawer: Drawer = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "drawer", Drawer(self.card, self.card_template))

    def build(self, look: Look) -> BoardResult:
        by = self.grouping(look)
        tally = tallied(look, by, self.totals, self.segments)
        named = self._named(look, tally)
        found = self._found(look, [lane.value for lane in named if lane.value in tally.lanes])
        shown = self._drawn(look, [row for rows, _more in found.values() for row in rows])
        lanes = []
        for lane in named:
            rows, more = found.get(lane.value, ([], ""))
            cards = [shown[row.id] for row in rows]
            lanes.append(replace(self._head(look, lane, tally), cards=cards, more=more))
        reason = "" if by is None else self.locked(look, by)
        movable = by is not None and not reason
        return BoardResult(lanes, movable, reason, tally.count, tally.extra)

    def line(self, look: Look, record: Model) -> tuple[QuerySet[Any], list[Order]] | None:
        by = self.grouping(look)
        here = look.rows.filter(pk=record.pk).annotate(lane=by.expression() if by else Value(0))
        lanes = list(here.values_list("lane", flat=True)[:1])
        if not lanes:
            return None
        rows = (
            self._in_segment(look, look.rows.filter(by.condition(lanes[0])), by.to_key(lanes[0]))
            if by
            else look.rows
        )
        return rows, [Order.parse(name) for name in self.order]

    def check(self, look: Look) -> None:
        name = look.state.segment.rpartition(":")[2]
        if name and name not in {segment.name for segment in self.segments}:
            raise BadAddress(look.state.segment)
        if look.state.total and look.state.total not in [measure.path for measure in self.totals]:
            raise BadAddress(look.state.total)

    def heads(self, look: Look) -> BoardResult:
        """The lanes without their cards: what changes when a card moves."""
        tally = tallied(look, self.grouping(look), self.totals, self.segments)
        lanes = [self._head(look, lane, tally) for lane in self._named(look, tally)]
        return BoardResult(
            lanes,
            movable=True,
            locked_reason="",
            count=tally.count,
            extra=tally.extra,
        )

    def more(self, look: Look) -> tuple[list[Drawn], str]:
        """The next cards of the lane named in the address, and the address of those behind them."""
        by = self.grouping(look)
        value = look.lane_of(by) if by else None
        rows, more = self._found(look, [value], look.state.after)[value]
        return self._cards(look, rows), more

    def touched(self, look: Look, key: str) -> list[Drawn]:
        """The card of a record that has just moved, if it is still among the rows."""
        if not key.isdecimal():
            return []
        rows = list(look.rows.filter(pk=key[:18]).values_list("id", *self.columns, named=True))
        return self._cards(look, rows)

    def grouping(self, look: Look) -> GroupBy | None:
        groups = look.groups
        return groups[0] if groups else self.group_by

    def locked(self, look: Look, by: GroupBy) -> str:
        """Why cards cannot be dragged under this grouping; empty when they can."""
        if not look.screen.may(look.user, "change"):
            return _("Your role does not include moving cards.")
        path = resolve(look.model, by.path)
        editable = by.path in look.screen.form.base_fields
        if by.move or (editable and not path.relations and path.kind != "tags" and not by.interval):
            return ""
        return _("Cards cannot be dragged while grouped by %(field)s.") % {"field": path.label.lower()}

    def paths(self) -> Iterator[str]:
        if self.group_by:
            yield self.group_by.path
        yield from (*self.columns, *([self.linked] if self.linked else []), *measured(self.totals))

    def _head(self, look: Look, lane: Named, tally: Tally) -> Lane:
        made = head(look, lane, tally.lanes.get(lane.value, Sums()), self.totals, self.segments)
        first = next((i for i, total in enumerate(self.totals) if total.path == look.state.total), 0)
        return replace(made, quick=self.quick, totals=made.totals[first:] + made.totals[:first])

    def _named(self, look: Look, tally: Tally) -> list[Named]:
        """Every lane in order: those always there, then those that have rows, nothing chosen last."""
        by = self.grouping(look)
        if by is None:
            return [Named(None, "", "", LaneFacts())]
        own = self.group_by is not None and by.key == self.group_by.key
        records = {row.pk: row for row in self.lanes(look)} if own else {}
        always = list(records) if own else [value for value, _label in by.every_value(look.model)]
        rest = [value for value in tally.lanes if value not in always]
        labels = by.labels(look.model, {*always, *rest} - set(records))
        dated = sorted(
            (v for v in rest if v is not None), key=(lambda v: v) if by.interval else lambda v: labels[v]
        )
        values = [*always, *dated, *([None] if None in rest else [])]
        return [self._one(by, value, records.get(value), labels) for value in values]

    def _one(self, by: GroupBy, value: Any, record: Any, labels: dict[Any, str]) -> Named:
        if record is None:
            return Named(value, by.to_key(value), labels[value], LaneFacts())
        return Named(value, by.to_key(value), str(record), self.facts(record) if self.facts else LaneFacts())

    def _found(
        self, look: Look, values: Sequence[Any], position: str = ""
    ) -> dict[Any, tuple[list[Any], str]]:
        """The rows of each lane from a position on, and the address of the next ones.

        One query names them, from the indexes alone; a second reads what is shown. Both together are planned in
        half the time of one query a lane.
        """
        if not values:
            return {}
        orders = [Order.parse(name) for name in self.order]
        parts = [
            ordered(self._lane(look, value, orders, position), orders).values_list(
                Value(number, IntegerField()), "pk"
            )[: self.per_lane + 1]
            for number, value in enumerate(values)
        ]
        named: dict[int, set[int]] = {}
        for number, pk in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
            named.setdefault(number, set()).add(pk)
        rows = self._read(look, set().union(*named.values()), orders)
        return {
            value: self._page(look, value, [row for row in rows if row.id in named.get(number, ())], orders)
            for number, value in enumerate(values)
        }

    def _lane(self, look: Look, value: Any, orders: list[Order], position: str) -> QuerySet[Any]:
        by = self.grouping(look)
        rows = look.rows
        if by is not None:
            rows = self._in_segment(look, rows.filter(by.condition(value)), by.to_key(value))
        return after(rows, orders, position) if position else rows

    def _read(self, look: Look, keys: set[int], orders: list[Order]) -> list[Any]:
        """The columns of rows that the reader has been found to reach."""
        found = look.model._base_manager.filter(pk__in=keys)
        return list(ordered(found, orders).values_list("id", *self.columns, named=True)) if keys else []

    def _page(self, look: Look, value: Any, rows: list[Any], orders: list[Order]) -> tuple[list[Any], str]:
        if len(rows) <= self.per_lane:
            return rows, ""
        by = self.grouping(look)
        rows = rows[: self.per_lane]
        place = cursor_of([getattr(rows[-1], order.path) for order in orders])
        key = by.to_key(value) if by else ""
        return rows, f"{look.screen.url}cards/?{look.state.query(lane=key, after=place)}"

    def _in_segment(self, look: Look, rows: QuerySet[Any], key: str) -> QuerySet[Any]:
        lane, _sep, name = look.state.segment.rpartition(":")
        if not look.state.segment or lane != key:
            return rows
        within: QuerySet[Any] = rows.annotate(part=part_of(self.segments)).filter(part=name)
        return within

    def _cards(self, look: Look, rows: list[Any]) -> list[Drawn]:
        return self.drawer.draw(rows, self._linked_to(look, rows), Printing.of(look.currency))

    def _drawn(self, look: Look, rows: list[Any]) -> dict[int, Drawn]:
        return {card.pk: card for card in self._cards(look, rows)}

    def _linked_to(self, look: Look, rows: list[Any]) -> dict[int, list[Any]]:
        """The tags of all lanes' rows, read with the links; each tag is made once."""
        if not rows or not self.linked:
            return {}
        field: Any = look.model._meta.get_field(self.linked)
        through, related = field.remote_field.through, field.related_model
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        columns = [column.attname for column in related._meta.concrete_fields]
        links = (
            through._default_manager.filter(**{f"{own}__in": [row.id for row in rows]})
            .order_by("pk")
            .values_list(f"{own}_id", f"{other}_id", *(f"{other}__{column}" for column in columns))
        )
        known: dict[int, Any] = {}
        found: dict[int, list[Any]] = {}
        for row, pk, *values in links:
            if pk not in known:
                known[pk] = related.from_db(look.rows.db, columns, values)
            found.setdefault(row, []).append(known[pk])
        return found
