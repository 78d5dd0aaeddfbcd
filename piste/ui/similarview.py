"""Similar records: of what is being typed, and of a record that is there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from piste.ui import acting
from piste.ui.answers import render, wants_part
from piste.ui.similar import found_for
from piste.ui.similartab import PANEL, banner
from piste.ui.views import Base


class Similar(Base):
    """Records like the one whose form is sent along, unfinished as it may be, or like the one there. Changes nothing."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The banner of a record's page, which asks for it once it is shown."""
        if pk is None or self.screen.similar is None:
            raise Http404
        record = self.record(pk)
        tab_url = f"{record.get_absolute_url()}?tab={PANEL.key}"
        if not wants_part(request):
            return HttpResponseRedirect(tab_url)
        shown = {"found": banner(record, self.user), "tab_url": tab_url}
        return render(request, "ui/page/banner.html", shown, block="banner")

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        similar = self.screen.similar
        if similar is None:
            raise Http404
        form = self.typed(request, pk)
        found = found_for(similar, form.instance, self.user)
        notices = similar.notices(form, self.user) if similar.notices and "line" not in request.GET else []
        ticked = {
            notice.question: notice.question in request.POST or f"{notice.question}-asked" not in request.POST
            for notice in notices
        }
        shown = {"found": found, "notices": notices, "ticked": ticked}
        return render(request, "ui/similar.html", shown, block="similar")

    def typed(self, request: HttpRequest, pk: int | None) -> Any:
        """What has been typed so far: what holds of it. A record that is there is not saved."""
        values: Any = request.POST
        instance = None
        if pk is not None:
            instance = self.record(pk, "change")
        else:
            self.screen.rows(self.user, "add")
            if "line" in request.GET and self.screen.quick is not None:
                values = self.screen.quick.read(request.POST.get("name", ""), self.user)
        form = acting.bound_form(self.screen, self.user, values, instance)
        form.is_valid()
        return form
