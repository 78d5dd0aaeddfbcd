"""The dialog in which several records become one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from piste.core.merge import MOST
from piste.core.transitions import Refused
from piste.ui import combine, context
from piste.ui.acting import Outcome
from piste.ui.answers import actor, currency_of, done, render, wants_part
from piste.ui.combine import FEW, Chosen
from piste.ui.forms import LookupSelect
from piste.ui.mergetable import picks, table_of
from piste.ui.similar import found_for
from piste.ui.state import ViewState
from piste.ui.views import Base

#: Similar records that are named to somebody who has only one so far.
NAMED = 8


class Merge(Base):
    """Of the records in the address (`?ids=1,2`, `?id=1&id=2`, or `all=1` for all that a search finds) one is made.

    With one record only it asks for the others.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        found = self.chosen()
        if not found.records:
            raise Http404
        if len(found.records) == 1:
            return self.asked(found.records[0])
        return self.shown(found, found.records[0], {})

    def post(self, request: HttpRequest) -> HttpResponse:
        found = self.chosen(shown=False)
        if len(found.records) < 2:
            raise Refused(_("One of these records has just been merged or deleted. Choose again."))
        survivor = found.named(request.POST.get("survivor")) or found.records[0]
        picked = self.picked(found)
        if len(found.records) > FEW and not request.POST.get("confirmed"):
            sentence = _("Say that you want to merge so many records.")
            return self.shown(found, survivor, picked, sentence, status=422)
        try:
            outcome = combine.merge(
                self.screen, found, survivor, self.values(found, survivor, picked), actor(request)
            )
        except Refused as refusal:
            return self.shown(found, survivor, picked, str(refusal), status=422)
        return self.done(found, outcome)

    def chosen(self, *, shown: bool = True) -> Chosen:
        combine.rules_of(self.screen)
        asked = self.request.GET
        if asked.get("all") == "1":
            rows = self.screen.search.apply(
                self.screen.rows(self.user, "change"), ViewState.parse(asked), self.user
            )
            keys = list(rows.values_list("pk", flat=True)[: MOST + 1])
        else:
            keys = combine.keys_of([*asked.getlist("ids"), *asked.getlist("id")])
        return combine.chosen(self.screen, self.user, keys, shown=shown)

    def picked(self, found: Chosen) -> dict[str, list[int]]:
        """What was chosen in the lines that offered a choice."""
        keys = {row.pk for row in found.records}
        posted = {name: combine.keys_of(self.request.POST.getlist(f"pick-{name}")) for name in self.offered()}
        return {name: [key for key in taken if key in keys] for name, taken in posted.items()}

    def offered(self) -> list[str]:
        parts = [combine.rules_of(self.screen).part(name) for name in self.request.POST.getlist("offered")]
        return [part.name for part in parts if part is not None and not part.fixed]

    def values(self, found: Chosen, survivor: Any, picked: dict[str, list[int]]) -> dict[str, Any]:
        """The values that were chosen otherwise than the rules say."""
        rules = combine.rules_of(self.screen)
        usual = picks(rules, found.records, survivor)
        values: dict[str, Any] = {}
        for name, taken in picked.items():
            part = rules.part(name)
            if part is not None and set(taken) != set(usual[name]) and (taken or part.several):
                places = [place for place, row in enumerate(found.records) if row.pk in taken]
                values |= part.columns(found.records, places)
        return values

    def shown(
        self, found: Chosen, survivor: Any, picked: dict[str, list[int]], refusal: str = "", status: int = 200
    ) -> HttpResponse:
        table = table_of(self.screen, found, survivor, picked, currency_of(self.request))
        count = len(found.records)
        shown = {
            "title": _("Merge %(count)s records") % {"count": count},
            "table": table,
            "count": count,
            "refused": refusal if refusal != table.refusal else "",
            "lacks": found.lacks,
            "action_url": self.request.get_full_path(),
            "screen": context.screen_names(self.screen),
        }
        return render(self.request, "ui/merge.html", shown, block="dialog", status=status)

    def asked(self, record: Any) -> HttpResponse:
        """Ask with what to merge the record; similar ones are named."""
        alike = []
        if self.screen.similar is not None:
            table = record._meta.concrete_model
            found = found_for(self.screen.similar, record, self.user).shown
            alike = [one for one in found if one.model._meta.concrete_model is table][:NAMED]
        shown = {
            "title": _("Merge “%(record)s” with…") % {"record": record},
            "record": record,
            "alike": alike,
            "lookup": LookupSelect(self.screen.model).attrs["data-lookup"],
            "merge_url": f"{self.screen.url}merge/",
            "screen": context.screen_names(self.screen),
        }
        return render(self.request, "ui/merge_with.html", shown, block="dialog")

    def done(self, found: Chosen, outcome: Outcome) -> HttpResponse:
        """Go to the result if the page shown is that of a record which is no more."""
        result = outcome.records[0]
        to = combine.address_of(self.screen.model, result.pk, self.user) or self.screen.url
        here = urlsplit(self.request.headers.get("HX-Current-URL", "")).path
        gone = {f"{found.homes[row.pk].url}{row.pk}/" for row in found.records if row.pk != result.pk}
        if wants_part(self.request) and here in gone:
            messages.success(self.request, outcome.text, extra_tags=outcome.undo_url)
            headers = {"HX-Redirect": to, "X-Undo": str(outcome.operation.pk)}
            return HttpResponse(status=204, headers=headers)
        return done(self.request, outcome, to=to)
