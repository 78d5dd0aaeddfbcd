"""The rows of a screen as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from piste.core.history import operation
from piste.ui.context import chips
from piste.ui.exchange.writing import Heading, csv_lines, write_workbook
from piste.ui.modes import List, Look
from piste.ui.modes.base import joined
from piste.ui.paging import ordered
from piste.ui.paths import Path as FieldPath
from piste.ui.paths import resolve
from piste.ui.views import Base

BATCH = 1000
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Export(Base):
    """What the address shows, as CSV or Excel, with the columns of the list. Leaves a trace."""

    def get(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
        kind, mode = request.GET.get("format", ""), self.screen.mode_of(List)
        if kind not in KINDS or mode is None:
            raise Http404
        look = self.look()
        paths = [resolve(look.model, name) for name in mode.shown(look)]
        headings = [Heading(path.label, path.kind) for path in paths]
        about = {"model": look.model._meta.label_lower, "query": look.state.query()}
        with operation(f"{self.screen.name}.export", by=self.user, about=about):
            pass
        name = f"{self.screen.slug}-{timezone.localdate():%Y-%m-%d}.{kind}"
        rows = self._values(look, mode, paths)
        if kind == "csv":
            answer: Any = StreamingHttpResponse(csv_lines(headings, rows), content_type=KINDS[kind])
        else:
            folder = Path(tempfile.mkdtemp(prefix="piste-export-"))
            filters = [(chip.label, chip.value) for chip in chips(look)]
            write_workbook(folder / name, self.screen.label_plural, headings, rows, filters)
            answer = FileResponse((folder / name).open("rb"), content_type=KINDS[kind])
            (folder / name).unlink()
            folder.rmdir()
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer  # type: ignore[no-any-return]

    @staticmethod
    def _values(look: Look, mode: List, paths: list[FieldPath]) -> Iterator[list[Any]]:
        rows = ordered(joined(look.rows, [path.name for path in paths]), mode.orders(look))
        for record in rows.iterator(chunk_size=BATCH):
            yield [_value(path, record) for path in paths]


def _value(path: FieldPath, record: Any) -> Any:
    value = path.value(record)
    if path.kind in ("choice", "relation", "tags") and value is not None:
        return path.text(record)
    return path.print(value) if isinstance(value, list) else value
