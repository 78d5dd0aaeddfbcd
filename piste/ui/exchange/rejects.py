"""The rows an import refused, as a file to correct and import again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from piste.ui.exchange.cells import BROKEN, Cell, Problem, shown
from piste.ui.exchange.writing import guarded


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was refused, with all that is wrong with it."""

    line: int
    cells: Sequence[Cell]
    problems: tuple[Problem, ...]

    @property
    def column(self) -> str:
        return ", ".join(dict.fromkeys(problem.column for problem in self.problems if problem.column))

    @property
    def reason(self) -> str:
        return " ".join(str(problem.reason) for problem in self.problems)


def write_rejected(path: Path, header: Sequence[str], rows: Iterable[Rejected]) -> None:
    """The refused rows with line, column and reason behind their own cells."""
    separator = ";" if get_language() == "fr" else ","
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=separator)
        out.writerow([*map(guarded, header), _("Line"), _("Column"), _("Reason")])
        for row in rows:
            cells = [guarded(shown(cell).replace(BROKEN, "�").replace("\0", "�")) for cell in row.cells]
            out.writerow([*cells, row.line, guarded(row.column), guarded(row.reason)])
