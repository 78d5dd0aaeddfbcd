"""Addresses of records that were merged into others lead to those."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from piste.ui.combine import moved_to
from piste.ui.screen import Screen


def forwarded(screen: Screen, request: HttpRequest, pk: int | None) -> HttpResponse:
    """Lead to the page of the record that this one is now part of. Raises `Http404` where there is none.

    Only questions are led on: what was to be written was meant for another record. No browser keeps the answer,
    as it keeps no private page, so that an address is itself again once the merge is undone.
    """
    url = (
        moved_to(screen, pk, cast("Any", request.user)) if pk is not None and request.method == "GET" else ""
    )
    if not url:
        raise Http404
    return HttpResponsePermanentRedirect(url)
