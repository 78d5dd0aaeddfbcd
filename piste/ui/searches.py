"""Searches with a name: one's own, shared ones, and the one a screen opens with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from django import forms
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from piste.core.history import operation
from piste.core.transitions import Refused
from piste.ui.acting import Actor, Outcome
from piste.ui.answers import actor, done, render
from piste.ui.context import ActionLink
from piste.ui.models import SavedSearch
from piste.ui.screen import Screen, screen_named
from piste.ui.state import BadAddress, ViewState

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.core.models import Operation

#: What the column of a saved query holds.
LONGEST = 2_000


class SearchForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    shared = forms.BooleanField(label=gettext_lazy("Share with everybody"), required=False)
    is_default = forms.BooleanField(label=gettext_lazy("Open this page with this view"), required=False)

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        if not user.has_perm("ui.share_searches"):
            del self.fields["shared"]


class SearchDialog(View):
    """A form about a saved view, in the dialog or as a page."""

    @property
    def user(self) -> User:
        return cast("User", self.request.user)

    def shown(self, form: SearchForm, title: str, status: int = 200) -> HttpResponse:
        here = self.request.get_full_path()
        action = ActionLink("save-search", _("Save"), "bookmark", "", "", here, asks=True)
        shown = {"action": action, "form": form, "action_url": here, "count": 1, "title": title}
        return render(self.request, "ui/action.html", shown, block="dialog", status=status)


class NewSearch(SearchDialog):
    """Keep the address one is looking at under a name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self._screen()
        return self.shown(SearchForm(user=self.user), _("Save this view"))

    def post(self, request: HttpRequest) -> HttpResponse:
        screen, query = self._screen()
        form = SearchForm(request.POST, user=self.user)
        if not form.is_valid():
            return self.shown(form, _("Save this view"), status=422)
        outcome = keep(screen, query, form.cleaned_data, actor(request))
        return done(request, outcome, to=f"{screen.url}?{query}")

    def _screen(self) -> tuple[Screen, str]:
        parts = urlsplit(self.request.GET.get("on", ""))
        screen = screen_named(parts.path.strip("/"))
        if screen is None or not screen.may(self.user, "view"):
            raise Http404
        state = ViewState.parse(QueryDict(parts.query))
        screen.look(self.user, state, "")
        query = state.query()
        if len(query) > LONGEST:
            raise BadAddress
        return screen, query


class EditSearch(SearchDialog):
    """Give one of one's views another name, share it, open its screen with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(SavedSearch, pk=pk, owner=self.user)
        return self.shown(SearchForm(initial=vars(row), user=self.user), _("Change this view"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(SavedSearch, pk=pk, owner=self.user)
        form = SearchForm(request.POST, user=self.user)
        if form.is_valid():
            try:
                outcome = change(row, actor(request), _("View “%(name)s” saved."), **form.cleaned_data)
            except Refused as refusal:
                form.add_error("name", str(refusal))
            else:
                return done(request, outcome, to=reverse("ui:searches"))
        return self.shown(form, _("Change this view"), status=422)


class Searches(View):
    """All searches one can use, to open, rename, share or take away."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = cast("User", request.user)
        rows = SavedSearch.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner")
        found = [
            (row, screen)
            for row in rows
            if (screen := screen_named(row.screen)) is not None and screen.may(user, "view")
        ]
        shown = {
            "searches": found,
            "may_share": user.has_perm("ui.share_searches"),
            "title": _("Saved views"),
        }
        return render(request, "ui/searches.html", shown)


class ChangeSearch(View):
    """Take one of one's searches away, make it the default, or share it."""

    def post(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        user, who = cast("User", request.user), actor(request)
        row = get_object_or_404(SavedSearch, pk=pk, owner=user)
        if act == "delete":
            outcome = delete(row, who)
        elif act == "default":
            text = (
                _("“%(name)s” opens its page no longer.")
                if row.is_default
                else _("“%(name)s” opens its page.")
            )
            outcome = change(row, who, text, is_default=not row.is_default)
        elif act == "share" and user.has_perm("ui.share_searches"):
            text = (
                _("“%(name)s” is yours alone again.")
                if row.shared
                else _("“%(name)s” is shared with everybody.")
            )
            outcome = change(row, who, text, shared=not row.shared)
        else:
            raise Http404
        return done(request, outcome, to=reverse("ui:searches"))


@contextmanager
def _doing(command: str, row: SavedSearch, who: Actor) -> Iterator[Operation]:
    """One transaction and one operation; a person's views are changed one after the other."""
    about = {"model": SavedSearch._meta.label_lower, "pk": row.pk, "label": row.name, "count": 1}
    with (
        transaction.atomic(),
        operation(f"savedsearch.{command}", by=who.user, via=who.via, about=about) as op,
    ):
        list(_of(row).select_for_update().values_list("pk"))
        yield op


def _of(row: SavedSearch) -> QuerySet[SavedSearch]:
    """The views that the owner of this one has of its screen."""
    return SavedSearch.objects.filter(owner_id=row.owner_id, screen=row.screen)


def keep(screen: Screen, query: str, typed: dict[str, Any], who: Actor) -> Outcome:
    """Save an address under a name; one's view of the same name shows the new address from now on."""
    row = SavedSearch(owner=who.user, screen=screen.slug, name=typed["name"])
    text = _("View “%(name)s” saved.")
    if (present := _of(row).filter(name=row.name).first()) is not None:
        return change(present, who, text, query=query, **typed)
    with _doing("create", row, who) as op:
        _save(row, query=query, **typed)
        op.about |= {"pk": row.pk}
        op.save(update_fields=["about"])
    return Outcome(op, [], text % {"name": row.name})


def change(row: SavedSearch, who: Actor, text: str, **values: Any) -> Outcome:
    """Change a view of one's own. Raises `Refused` when another one has the name."""
    with _doing("edit", row, who) as op:
        if _of(row).filter(name=values.get("name", row.name)).exclude(pk=row.pk).exists():
            raise Refused(_("You have a view of this name already."))
        _save(row, **values)
    return Outcome(op, [], text % {"name": row.name})


def _save(row: SavedSearch, **values: Any) -> None:
    if values.get("is_default"):
        _of(row).exclude(pk=row.pk).filter(is_default=True).update(is_default=False)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def delete(row: SavedSearch, who: Actor) -> Outcome:
    """Take a view away, until undone."""
    with _doing("delete", row, who) as op:
        row.delete()
    return Outcome(op, [], _("View “%(name)s” deleted.") % {"name": row.name})
