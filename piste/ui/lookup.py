"""Finding a record while typing, for the fields of forms."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.generic import View

from piste.ui.screen import screens
from piste.ui.state import ViewState

FOUND = 12


class Lookup(View):
    """The first records of a model that match, within the reader's reach."""

    def get(self, request: HttpRequest, model: str) -> HttpResponse:
        screen = next((s for s in screens() if s.model._meta.label_lower == model), None)
        if screen is None:
            raise Http404
        user = cast("Any", request.user)
        text = request.GET.get("q", "").replace("\x00", "")
        rows = screen.search.apply(screen.rows(user), ViewState(text=text, filters=()), user)
        parent = "parent" if any(f.name == "parent" for f in screen.model._meta.fields) else None
        rows = rows.select_related(parent) if parent else rows
        return JsonResponse({"results": [self._entry(row) for row in rows[:FOUND]]})

    @staticmethod
    def _entry(row: Any) -> dict[str, Any]:
        parent = getattr(row, "parent", None)
        note = str(parent) if parent else str(getattr(row, "city", "") or "")
        return {"id": row.pk, "text": str(row), "note": note}
