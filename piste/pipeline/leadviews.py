"""What the pages of leads report by themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View

from piste.pipeline.leadscreen import leads
from piste.ui.acting import doing
from piste.ui.answers import actor


class Seen(View):
    """Somebody has the lead before their eyes. Reading a page changes nothing, so the page says it by itself."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        who = actor(request)
        lead = get_object_or_404(leads.rows(who.user, "change"), pk=pk)
        if lead.opened_at is None and lead.owner_id == who.user.pk:
            with doing(leads, "open", who, [lead]):
                lead.open_first(by=who.user, at=who.at)
        return HttpResponse(status=204)
