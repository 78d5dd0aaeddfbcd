"""Rows of a CSV file, also where its quotes are wrong."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from piste.ui.exchange.cells import MAX_CELL, Raw, bare
from piste.ui.exchange.encodings import MARK

SEPARATORS = (";", ",", "\t", "|")

#: How far a quoted cell may run before its quote counts as forgotten.
_REACH = 1_000
#: After so many forgotten quotes a file is taken to break no lines inside quotes.
_PATIENCE = 100
_SHOWN = 200


class _Runaway(Exception):
    """A quote was opened and not closed within reach."""


@dataclass(slots=True)
class _Lines:
    """Feeds lines to the parser and can take them back when a quote runs away."""

    source: Iterator[str]
    number: int = 0
    reach: int = _REACH
    taken: list[str] = field(default_factory=list)
    waiting: deque[str] = field(default_factory=deque)
    size: int = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= self.reach or self.size > 3 * MAX_CELL:
            raise _Runaway
        line = self.waiting.popleft() if self.waiting else next(self.source, None)
        if line is None:
            if self.taken:
                raise _Runaway
            raise StopIteration
        self.taken.append(line)
        self.size += len(line)
        return line

    def start_record(self) -> int:
        """Forget what the last record took; return the line the next one starts on."""
        self.number += len(self.taken)
        self.taken.clear()
        self.size = 0
        return self.number + 1

    def give_back(self) -> str:
        """Keep the first line of the record and put the others back."""
        first, *others = self.taken
        self.waiting.extendleft(reversed(others))
        self.taken = [first]
        return first


def records(path: Path, encoding: str, separator: str) -> Iterator[Raw]:
    """Each row with the line it starts on. One with a forgotten quote says so, the others go on."""
    with path.open(encoding=encoding, errors=MARK, newline="") as file:
        yield from parse(file, separator)


def parse(source: Iterator[str], separator: str) -> Iterator[Raw]:
    lines = _Lines(source)
    runaways = 0
    while True:
        start = lines.start_record()
        try:
            cells = next(csv.reader(lines, delimiter=separator))
        except StopIteration:
            return
        except (_Runaway, csv.Error):
            runaways += 1
            if runaways > _PATIENCE:
                lines.reach = 1
            yield Raw(start, [lines.give_back().strip()[:_SHOWN]], _("A quote is opened and never closed."))
            continue
        yield Raw(start, [bare(cell) for cell in cells])


def separator_of(sample: list[str]) -> str:
    """The separator that cuts the first lines into the most even rows."""
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip()) == 5:
        return sample[0][4]
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: list[str], separator: str) -> tuple[float, int]:
    widths = Counter(len(row.cells) for row in parse(iter(sample), separator) if any(row.cells))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0, 0
    width = max(wide, key=lambda width: (wide[width], width))
    return round(wide[width] / sum(widths.values()), 1), width
