"""Cards in lanes, with what each lane is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.ui import formats
from piste.ui.aggregate import GroupBy, Measure
from piste.ui.modes.base import Look, Mode, joined, measured
from piste.ui.paging import Order, after, cursor, ordered
from piste.ui.paths import resolve
from piste.ui.state import BadAddress

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a lane's bar: the rows that pass the test. The first that fits counts."""

    name: str
    label: StrPromise
    tone: str
    where: Callable[[], Q]


@dataclass(frozen=True, slots=True)
class LaneFacts:
    """What a lane's own record says of it."""

    colour: str = ""
    hint: str = ""
    won: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """A segment of one lane as shown: how many, which share, and the address that filters by it."""

    key: str
    label: str
    tone: str
    count: int
    share: int
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One column as shown. `more` is the address of the next cards, if there are any."""

    key: str
    label: str
    count: int
    count_text: str
    totals: tuple[str, ...]
    segments: list[SegmentPart]
    cards: list[Any] = field(default_factory=list)
    more: str = ""
    colour: str = ""
    hint: str = ""
    won: bool = False
    folded: bool = False
    quick: bool = False


@dataclass(frozen=True, slots=True)
class BoardResult:
    lanes: list[Lane]
    movable: bool
    locked_reason: str
    card_template: str
    count: int


@dataclass(slots=True)
class Sums:
    """Count, totals and segment counts of one lane."""

    count: int = 0
    totals: list[Any] = field(default_factory=list)
    segments: dict[str, int] = field(default_factory=dict)


def _no_lanes(_look: Look) -> Sequence[Any]:
    return ()


@dataclass(frozen=True, slots=True)
class Board(Mode):
    """Cards in lanes. `card` makes what the template shows of a record; `lanes` gives the records whose
    lanes are there even when empty; `facts` says how such a lane looks."""

    name: ClassVar[str] = "board"
    icon: ClassVar[str] = "kanban"
    label: ClassVar[StrPromise] = gettext_lazy("Board")

    group_by: GroupBy | None
    card: Callable[[Any, Look], Any]
    card_template: str
    shows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    totals: tuple[Measure, ...] = ()
    segments: tuple[Segment, ...] = ()
    lanes: Callable[[Look], Sequence[Any]] = _no_lanes
    facts: Callable[[Any], LaneFacts] | None = None
    order: tuple[str, ...] = ("-priority", "-id")
    quick: bool = False
    per_lane: int = 40

    def build(self, look: Look) -> BoardResult:
        by = self.grouping(look)
        sums = self.sums(look)
        lanes = [self._lane(look, key, sums.get(key, Sums()), cards=True) for key in self._keys(look, sums)]
        reason = "" if by is None else self.locked(look, by)
        total = sum(entry.count for entry in sums.values())
        return BoardResult(
            self._named(look, lanes), by is not None and not reason, reason, self.card_template, total
        )

    def heads(self, look: Look) -> BoardResult:
        """The lanes without their cards: what changes when a card moves."""
        sums = self.sums(look)
        lanes = [self._lane(look, key, sums.get(key, Sums()), cards=False) for key in self._keys(look, sums)]
        total = sum(entry.count for entry in sums.values())
        return BoardResult(self._named(look, lanes), True, "", self.card_template, total)

    def more(self, look: Look) -> tuple[list[Any], str]:
        """The next cards of the lane named in the address, and the address of those behind them."""
        by = self.grouping(look)
        key = look.state.lane or ""
        return self._cards(look, by.value_of(look.model, key) if by else None, look.state.after)

    def grouping(self, look: Look) -> GroupBy | None:
        groups = look.groups
        return groups[0] if groups else self.group_by

    def locked(self, look: Look, by: GroupBy) -> str:
        """Why cards cannot be dragged under this grouping; empty when they can."""
        path = resolve(look.model, by.path)
        editable = by.path in look.screen.form.base_fields
        if by.move or (editable and not path.relations and path.kind != "tags" and not by.interval):
            return ""
        return _("Cards cannot be dragged while grouped by %(field)s.") % {"field": path.label.lower()}

    def sums(self, look: Look) -> dict[Any, Sums]:
        """Count, totals and segments of every lane, in one grouped query."""
        by = self.grouping(look)
        rows = look.rows.order_by()
        keys: dict[str, Any] = {"lane": by.expression() if by else Value(0)}
        if self.segments:
            keys["part"] = self._part()
        totals = {f"m{i}": measure.expression() for i, measure in enumerate(self.totals)}
        found: defaultdict[Any, Sums] = defaultdict(Sums)
        for row in rows.annotate(**keys).values(*keys).annotate(n=Count("pk"), **totals):
            entry = found[row["lane"] if by else None]
            entry.count += row["n"]
            values = [row[name] or 0 for name in totals]
            entry.totals = [a + b for a, b in zip(entry.totals or [0] * len(values), values, strict=True)]
            if self.segments:
                entry.segments[row["part"]] = row["n"]
        return dict(found)

    def paths(self) -> Iterator[str]:
        if self.group_by:
            yield self.group_by.path
        yield from (*self.shows, *self.columns, *measured(self.totals))

    def _part(self) -> Case:
        return Case(
            *(When(segment.where(), then=Value(segment.name)) for segment in self.segments),
            default=Value(""),
            output_field=CharField(),
        )

    def _keys(self, look: Look, sums: dict[Any, Sums]) -> list[Any]:
        by = self.grouping(look)
        if by is None:
            return [None]
        if by.path == (self.group_by.path if self.group_by else ""):
            always = [row.pk for row in self.lanes(look)]
        else:
            always = [value for value, _label in by.every_value(look.model)]
        rest = [key for key in sums if key not in always]
        dated = sorted((key for key in rest if key is not None), key=str if not by.interval else None)
        return [*always, *dated, *([None] if None in rest else [])]

    def _lane(self, look: Look, key: Any, sums: Sums, *, cards: bool) -> Lane:
        by = self.grouping(look)
        text_key = by.to_key(key) if by else ""
        shown, more = ([], "")
        if cards and sums.count:
            shown, more = self._cards(look, key, "")
        return Lane(
            key=text_key,
            label="",
            count=sums.count,
            count_text=formats.number(sums.count),
            totals=tuple(
                measure.text(look.model, value, look.currency)
                for measure, value in zip(self.totals, sums.totals or [0] * len(self.totals), strict=True)
            ),
            segments=[self._segment(look, text_key, segment, sums) for segment in self.segments],
            cards=shown,
            more=more,
            quick=self.quick,
        )

    def _segment(self, look: Look, key: str, segment: Segment, sums: Sums) -> SegmentPart:
        count = sums.segments.get(segment.name, 0)
        mark = f"{key}:{segment.name}"
        active = look.state.segment == mark
        return SegmentPart(
            key=segment.name,
            label=str(segment.label),
            tone=segment.tone,
            count=count,
            share=round(100 * count / sums.count) if sums.count else 0,
            url=look.address(segment="" if active else mark),
            active=active,
        )

    def _named(self, look: Look, lanes: list[Lane]) -> list[Lane]:
        from dataclasses import replace

        by = self.grouping(look)
        if by is None:
            return lanes
        values = {lane.key: by.value_of(look.model, lane.key) for lane in lanes}
        own = self.group_by is not None and by.path == self.group_by.path
        records = {row.pk: row for row in self.lanes(look)} if own else {}
        missing = {value for value in values.values() if value not in records}
        labels = by.labels(look.model, missing) if missing else {}
        named = []
        for lane in lanes:
            value = values[lane.key]
            record = records.get(value)
            facts = self.facts(record) if record is not None and self.facts else LaneFacts()
            named.append(
                replace(
                    lane,
                    label=str(record) if record is not None else labels[value],
                    colour=facts.colour,
                    hint=facts.hint,
                    won=facts.won,
                    folded=facts.folded and lane.count == 0,
                )
            )
        return named

    def _cards(self, look: Look, key: Any, position: str) -> tuple[list[Any], str]:
        by = self.grouping(look)
        orders = [Order.parse(name) for name in self.order]
        rows = self._shown(look.rows)
        if by is not None:
            rows = rows.filter(by.condition(key))
            rows = self._in_segment(look, rows, by.to_key(key))
        if position:
            rows = after(rows, orders, position)
        found = list(ordered(rows, orders)[: self.per_lane + 1])
        more = ""
        if len(found) > self.per_lane:
            found = found[: self.per_lane]
            place = look.state.query(lane=by.to_key(key) if by else "", after=cursor(found[-1], orders))
            more = f"{look.screen.url}cards/?{place}"
        return [self.card(record, look) for record in found], more

    def _in_segment(self, look: Look, rows: QuerySet[Any], key: str) -> QuerySet[Any]:
        lane, _sep, name = look.state.segment.rpartition(":")
        if not look.state.segment or lane != key:
            return rows
        if name not in {segment.name for segment in self.segments}:
            raise BadAddress(look.state.segment)
        return rows.annotate(part=self._part()).filter(part=name)

    def _shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = joined(rows, list(self.shows))
        return rows.only(*self.columns) if self.columns else rows
