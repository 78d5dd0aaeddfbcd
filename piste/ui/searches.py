"""Searches with a name: one's own, shared ones, and the one a screen opens with."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from piste.ui.answers import render, told, wants_part
from piste.ui.context import ActionLink
from piste.ui.models import SavedSearch
from piste.ui.screen import Screen, screen_named
from piste.ui.state import BadAddress, ViewState

#: What the column of a saved query holds.
LONGEST = 2_000


class SearchForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    shared = forms.BooleanField(label=gettext_lazy("Share with everybody"), required=False)
    is_default = forms.BooleanField(label=gettext_lazy("Open this page with this view"), required=False)


class NewSearch(View):
    """Keep the address one is looking at under a name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self._screen(request)
        return self._shown(request, self._form(request, None))

    def post(self, request: HttpRequest) -> HttpResponse:
        screen, query = self._screen(request)
        form = self._form(request, request.POST)
        if not form.is_valid():
            return self._shown(request, form, status=422)
        self._keep(request, screen, query, form.cleaned_data)
        text = _("View “%(name)s” saved.") % {"name": form.cleaned_data["name"]}
        if wants_part(request):
            return told(request, {"toast": {"text": text}, "close-dialog": True, "rows-changed": {}})
        return HttpResponseRedirect(f"{screen.url}?{query}", status=303)

    @staticmethod
    def _screen(request: HttpRequest) -> tuple[Screen, str]:
        parts = urlsplit(request.GET.get("on", ""))
        screen = screen_named(parts.path.strip("/"))
        if screen is None or not screen.may(cast("Any", request.user), "view"):
            raise Http404
        state = ViewState.parse(QueryDict(parts.query))
        screen.look(cast("Any", request.user), state, "")
        query = state.query()
        if len(query) > LONGEST:
            raise BadAddress
        return screen, query

    @staticmethod
    def _form(request: HttpRequest, values: Any) -> SearchForm:
        form = SearchForm(values)
        if not cast("Any", request.user).has_perm("ui.share_searches"):
            del form.fields["shared"]
        return form

    @staticmethod
    @transaction.atomic
    def _keep(request: HttpRequest, screen: Screen, query: str, typed: dict[str, Any]) -> None:
        mine = SavedSearch.objects.filter(owner=cast("Any", request.user), screen=screen.slug)
        if typed["is_default"]:
            mine.update(is_default=False)
        mine.filter(name=typed["name"]).delete()
        SavedSearch.objects.create(owner=cast("Any", request.user), screen=screen.slug, query=query, **typed)

    @staticmethod
    def _shown(request: HttpRequest, form: SearchForm, status: int = 200) -> HttpResponse:
        action = ActionLink("save-search", _("Save"), "bookmark", "", "", request.get_full_path(), asks=True)
        shown = {
            "action": action,
            "form": form,
            "action_url": request.get_full_path(),
            "count": 1,
            "title": _("Save this view"),
        }
        return render(request, "ui/action.html", shown, block="dialog", status=status)


class Searches(View):
    """All searches one can use, to open, rename, share or take away."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = cast("Any", request.user)
        rows = SavedSearch.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")
        found = [(row, screen) for row in rows if (screen := screen_named(row.screen)) is not None]
        return render(request, "ui/searches.html", {"searches": found, "title": _("Saved views")})


class ChangeSearch(View):
    """Take one of one's searches away, make it the default, or share it."""

    def post(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        user = cast("Any", request.user)
        row = get_object_or_404(SavedSearch, pk=pk, owner=user)
        if act == "delete":
            row.delete()
        elif act == "default":
            self._make_default(row)
        elif act == "share" and user.has_perm("ui.share_searches"):
            row.shared = not row.shared
            row.save(update_fields=["shared"])
        else:
            raise Http404
        return HttpResponseRedirect(reverse("ui:searches"), status=303)

    @staticmethod
    @transaction.atomic
    def _make_default(row: SavedSearch) -> None:
        on = not row.is_default
        SavedSearch.objects.filter(owner_id=row.owner_id, screen=row.screen).update(is_default=False)
        if on:
            row.is_default = True
            row.save(update_fields=["is_default"])
