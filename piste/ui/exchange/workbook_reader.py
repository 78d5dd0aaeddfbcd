"""Prints the sheets of a workbook, or the rows of one, as lines of JSON; runs in a process of its own.

A workbook of a few bytes can ask for more memory than any machine has, and the library ends the
process then. So it is not the server that reads, but a child with a limit. Imports nothing of Piste.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook

MEMORY, SECONDS = 1 << 30, 60


def limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the size of the unpacked file is still checked.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def told(value: Any) -> Any:
    """Days and moments as tagged text, all else as JSON has it."""
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    return value


def main(path: str, sheet: str | None, most: int) -> None:
    limit()
    book = CalamineWorkbook.from_path(path)
    if sheet is None:
        print(json.dumps(book.sheet_names))  # noqa: T201
        return
    rows = book.get_sheet_by_name(sheet).iter_rows()
    for place, cells in enumerate(rows, start=1):
        if place > most:
            return
        print(json.dumps([place, *map(told, cells)]))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] or None, int(sys.argv[3]))
