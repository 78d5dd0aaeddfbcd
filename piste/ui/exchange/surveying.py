"""Going through a whole file once before anything is written: its number of rows, its way of writing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from piste.ui.exchange.cells import Cell, is_empty
from piste.ui.exchange.columns import Habits
from piste.ui.exchange.reading import Sheet

#: So many different values of a column tell how it writes them, and are offered to be given a meaning.
_VALUES = 20_000
_SAMPLES = 3


@dataclass(slots=True)
class Survey:
    """What was seen: the number of rows, and the different values of each field's column."""

    total: int = 0
    values: dict[str, Counter[Cell]] = field(default_factory=dict)

    def habits(self, name: str, *, day_first: bool | None) -> Habits:
        return Habits(self.values.get(name, ()), day_first=day_first)


def survey(sheet: Sheet, columns: Mapping[str, int]) -> Survey:
    """Count the rows and gather the values of the columns that are used."""
    seen = Survey(values={name: Counter() for name in columns})
    places = [(seen.values[name], place) for name, place in columns.items()]
    for row in sheet.rows():
        seen.total += 1
        for values, place in places:
            cell = row.cells[place]
            if not is_empty(cell) and (len(values) < _VALUES or cell in values):
                values[cell] += 1
    return seen


def samples(sheet: Sheet, *, rows: int = 200) -> list[list[Cell]]:
    """The first different values of each column, for a person to see what it holds."""
    found: list[list[Cell]] = [[] for _title in sheet.header]
    for row in sheet.rows(most=rows):
        for cells, cell in zip(found, row.cells, strict=True):
            if len(cells) < _SAMPLES and not is_empty(cell) and cell not in cells:
                cells.append(cell)
    return found
