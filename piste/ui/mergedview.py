"""What records were before they became part of another."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.generic import View

from piste.core.combining import filled
from piste.core.merge import survivor_of
from piste.core.models import Merged
from piste.core.tables import table_of
from piste.ui.answers import currency_of, render
from piste.ui.combine import address_of
from piste.ui.paths import resolve

Lines = list[tuple[str, list[str]]]


class WhatWasMerged(View):
    """The values of the records that an operation merged, for whoever sees the one that they are part of."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        merged = list(table_of(Merged).events.objects.filter(pgh_context_id=pk, pgh_label="insert"))
        if not merged:
            raise Http404
        model: Any = apps.get_model(merged[0].kind)
        survivor = survivor_of(model, merged[0].survivor) or merged[0].survivor
        if not address_of(model, survivor, cast("Any", request.user)):
            raise Http404
        rows = rows_before(model, pk, [event.old for event in merged])
        shown = {
            "title": _("What was merged"),
            "names": [str(row) for row in rows],
            "lines": lines_of(model, rows, currency_of(request)),
        }
        return render(request, "ui/merged.html", shown, block="dialog")


def rows_before(model: Any, operation: UUID, keys: list[int]) -> list[Any]:
    """The records as the operation found them, from their last event."""
    table = table_of(model)
    events = table.events.objects.filter(pgh_context_id=operation, pgh_label="delete", pgh_obj_id__in=keys)
    columns = [field.attname for field in table.recorded.values()]
    rows = [
        model(pk=event.pgh_obj_id, **{name: getattr(event, name) for name in columns})
        for event in events.order_by("pgh_obj_id")
    ]
    prefetch_related_objects(
        rows, *(name for name in told(model) if isinstance(_field(model, name), ForeignKey))
    )
    return rows


def lines_of(model: Any, rows: list[Any], currency: str) -> Lines:
    """Each field that any of the records had a value in, with what it was in each."""
    paths = [resolve(model, name) for name in told(model)]
    held = [path for path in paths if any(filled(row, path.name) for row in rows)]
    return [(path.label, [path.text(row, currency) for row in rows]) for path in held]


def told(model: Any) -> tuple[str, ...]:
    return (*model.tracked, "created_at")


def _field(model: Any, name: str) -> Any:
    return model._meta.get_field(name)
