"""The table in which one sees and chooses what becomes of records that are merged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst

from piste.core.combining import Part, Rules, filled
from piste.ui.combine import FEW, Chosen
from piste.ui.paths import resolve

if TYPE_CHECKING:
    from piste.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class Column:
    """One of the records."""

    pk: int
    name: str
    url: str
    kind: str
    icon: str
    survives: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A value, or one of several, as it is printed; tags have a colour."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    pk: int
    of: str
    pieces: tuple[Piece, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What one value is in each record and in the result."""

    name: str
    label: str
    several: bool
    fixed: bool
    cells: tuple[Cell, ...]
    result: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        """Whether all records say the same, so that there is nothing to choose."""
        return len({cell.pieces for cell in self.cells}) == 1

    @property
    def kind(self) -> str:
        return "checkbox" if self.several else "radio"


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    differing: tuple[Line, ...]
    same: tuple[Line, ...]
    #: What follows from each choice of the survivor, for the page's script.
    survivors: str
    refusal: str
    asks: bool


def table_of(
    screen: Screen, found: Chosen, survivor: Any, picked: dict[str, list[int]], currency: str
) -> Table:
    """The table for one survivor; `picked` holds what somebody has chosen so far, by part."""
    rules = screen.merge
    assert rules is not None
    records = found.records
    several_kinds = len({home.slug for home in found.homes.values()}) > 1
    columns = tuple(
        Column(
            row.pk, str(row), f"{found.homes[row.pk].url}{row.pk}/",
            found.homes[row.pk].label if several_kinds else "", found.homes[row.pk].icon, row.pk == survivor.pk,
        )
        for row in records
    )  # fmt: skip
    usual = picks(rules, records, survivor)
    lines = [
        _line(part, records, picked.get(part.name, usual[part.name]), currency)
        for part in rules.parts
        if any(filled(row, name) for row in records for name in part.fields)
    ]
    lines = [line for line in lines if not (line.fixed and line.is_same)]
    ahead = {
        row.pk: {"picks": picks(rules, records, row), "refusal": rules.refusal(rules.ordered(records, row))}
        for row in records
    }
    return Table(
        columns,
        tuple(line for line in lines if not line.is_same),
        tuple(line for line in lines if line.is_same),
        json.dumps(ahead, separators=(",", ":")),
        rules.refusal(rules.ordered(records, survivor)),
        asks=len(records) > FEW,
    )


def picks(rules: Rules, records: Sequence[Any], survivor: Any) -> dict[str, list[int]]:
    """From which records each part comes by the rules, when this one survives."""
    ordered = rules.ordered(records, survivor)
    return {
        part.name: [ordered[place].pk for place in part.pick(ordered, part.fields)] for part in rules.parts
    }


def _line(part: Part, records: Sequence[Any], taken: list[int], currency: str) -> Line:
    cells = tuple(Cell(row.pk, str(row), pieces_of(part, row, currency), row.pk in taken) for row in records)
    result = dict.fromkeys(piece for cell in cells if cell.chosen for piece in cell.pieces)
    label = str(part.label) or resolve(type(records[0]), part.name).label
    return Line(part.name, capfirst(label), part.several, part.fixed, cells, tuple(result))


def pieces_of(part: Part, record: Any, currency: str) -> tuple[Piece, ...]:
    """The value as people read it: of a block in one line, of a list piece by piece."""
    if part.fixed:
        return _pieces(record, part.name, currency)
    found = [piece for name in part.fields for piece in _pieces(record, name, currency)]
    if part.several or len(found) < 2:
        return tuple(found)
    return (Piece(", ".join(piece.text for piece in found)),)


def _pieces(record: Any, name: str, currency: str) -> tuple[Piece, ...]:
    if not filled(record, name):
        return ()
    path = resolve(type(record), name)
    if path.kind == "tags":
        return tuple(
            Piece(str(tag), getattr(tag, "colour", "") or "grey") for tag in path.value(record).all()
        )
    value = path.value(record)
    if isinstance(value, list):
        return tuple(Piece(str(one)) for one in value)
    return (Piece(path.text(record, currency)),)
