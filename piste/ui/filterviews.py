"""What one can filter and group by: a menu beside the rows, and a page where no script runs."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from piste.ui import context
from piste.ui.answers import currency_of, render, wants_part
from piste.ui.conditions import SEPARATOR
from piste.ui.state import ViewState
from piste.ui.views import Base


class Filters(Base):
    """The filters and groupings, fetched when the menu is opened.

    The page's forms come back here with `field`, `operator` and `value`, and lead on to the rows that pass.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        if field := request.GET.get("field"):
            return HttpResponseRedirect(self.with_condition(field))
        look = self.look()
        shown = {
            "filters": context.filter_groups(look),
            "groupings": context.groupings(look),
            "builder": context.builder(look),
            "screen": context.screen_names(self.screen),
            "query": look.state.query(),
            "rows_url": look.address(),
            "kept": [(name, value) for name, values in request.GET.lists() for value in values],
        }
        part = wants_part(request)
        return render(request, "ui/rows/filter_choices.html" if part else "ui/filters.html", shown)

    def with_condition(self, field: str) -> str:
        """The address of the rows with one condition more. Raises `BadAddress` for one that cannot be."""
        state = ViewState.parse(self.request.GET)
        made = SEPARATOR.join(
            [field, self.request.GET.get("operator", ""), self.request.GET.get("value", "").strip()]
        )
        wheres = tuple(dict.fromkeys((*state.wheres, made)))
        look = self.screen.look(self.user, replace(state, wheres=wheres), currency_of(self.request))
        return look.address()
