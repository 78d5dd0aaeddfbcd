"""What the lanes of a board are made of: their sums, heads and segments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Q, Value, When

from piste.ui import formats
from piste.ui.aggregate import GroupBy, Measure
from piste.ui.modes.base import Look
from piste.ui.paths import resolve

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


@dataclass(slots=True)
class Sums:
    """Count, totals and segment counts of one lane."""

    count: int = 0
    totals: list[Any] = field(default_factory=list)
    segments: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """The sums of all lanes, and the figures of the summary, which the same query has added up."""

    lanes: dict[Any, Sums] = field(default_factory=dict)
    count: int = 0
    extra: dict[str, Any] = field(default_factory=dict)


def part_of(segments: Sequence[Segment]) -> Case:
    """The name of the segment a row falls into, as an expression."""
    return Case(
        *(When(segment.where(), then=Value(segment.name)) for segment in segments),
        default=Value(""),
        output_field=CharField(),
    )


def tallied(
    look: Look, by: GroupBy | None, measures: Sequence[Measure], segments: Sequence[Segment]
) -> Tally:
    """Counts, totals, segments and the summary's figures of every lane, in one grouped query."""
    from django.db.models import Count

    keys: dict[str, Any] = {"lane": by.expression() if by else Value(0)}
    if segments:
        keys["part"] = part_of(segments)
    totals = {f"m{i}": measure.expression() for i, measure in enumerate(measures)}
    summary = look.screen.summary
    extra = summary.beside(look) if summary else {}
    parts: dict[str, list[Any]] = {}
    tally = Tally(extra=dict.fromkeys(extra, 0))
    # `*` and not the key, which the index that serves this does not hold.
    rows = look.rows.order_by().annotate(**keys).values(*keys).annotate(n=Count("*"), **totals, **extra)
    for row in rows:
        entry = tally.lanes.setdefault(row["lane"] if by else None, Sums(totals=[0] * len(totals)))
        entry.count += row["n"]
        tally.count += row["n"]
        entry.totals = [a + (row[name] or 0) for a, name in zip(entry.totals, totals, strict=True)]
        if segments:
            entry.segments[row["part"]] = row["n"]
        values = [row["n"], *(row[name] or 0 for name in totals)]
        part = row.get("part", "")
        parts[part] = [a + b for a, b in zip(parts.get(part, [0] * len(values)), values, strict=True)]
        for name in extra:
            tally.extra[name] += row[name] or 0
    if summary:
        tally.extra |= summary.of_parts(parts)
    if by and resolve(look.model, by.path).kind == "tags":
        # A row with two tags stands in two lanes and counts once.
        whole = tallied(look, None, measures, segments)
        tally.count, tally.extra = whole.count, whole.extra
    return tally


@dataclass(frozen=True, slots=True)
class Named:
    """A lane's key with its name and looks."""

    value: Any
    key: str
    label: str
    facts: LaneFacts


def head(
    look: Look, lane: Named, sums: Sums, measures: Sequence[Measure], segments: Sequence[Segment]
) -> Lane:
    """The head of a lane: name, count, sums and bar."""
    values = sums.totals or [0] * len(measures)
    return Lane(
        key=lane.key,
        label=lane.label,
        count=sums.count,
        count_text=formats.number(sums.count),
        totals=tuple(m.text(look.model, v, look.currency) for m, v in zip(measures, values, strict=True)),
        segments=[_segment(look, lane.key, segment, sums) for segment in segments],
        colour=lane.facts.colour,
        hint=lane.facts.hint,
        won=lane.facts.won,
        folded=lane.facts.folded and sums.count == 0,
    )


def _segment(look: Look, key: str, segment: Segment, sums: Sums) -> SegmentPart:
    count = sums.segments.get(segment.name, 0)
    mark = f"{key}:{segment.name}"
    active = look.state.segment == mark
    return SegmentPart(
        key=segment.name,
        label=str(segment.label),
        tone=segment.tone,
        count=count,
        share=round(100 * count / sums.count) if sums.count else 0,
        url=look.address(segment="" if active else mark) if count else "",
        active=active,
    )
