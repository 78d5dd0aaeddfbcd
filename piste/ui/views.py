"""The few views of every screen. They read a screen and never name a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import View

from piste.core.transitions import Incomplete, Refused
from piste.ui import acting, context, gates, lastview
from piste.ui.acting import Clashed, Invalid, Outcome
from piste.ui.answers import actor, back, currency_of, done, refused, render, reported, told, wants_part
from piste.ui.forms import ActionForm, ScreenForm, action_form, restricted, scope_choices
from piste.ui.forwarding import forwarded
from piste.ui.modes import Board, Look
from piste.ui.recordpage import cell_shown, fact_text, page_context
from piste.ui.screen import Action, Screen
from piste.ui.state import ViewState

if TYPE_CHECKING:
    from piste.accounts.models import User


class Base(View):
    """What all have in common: the screen, the reader, the gate."""

    screen: Screen = cast("Screen", None)

    @property
    def user(self) -> User:
        return cast("User", self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.screen.may(self.user, "view"):
            raise PermissionDenied
        try:
            return cast("HttpResponse", super().dispatch(request, *args, **kwargs))
        except Refused as refusal:
            return refused(request, str(refusal), to=back(request, self.screen.url))
        except Http404:
            return forwarded(self.screen, request, kwargs.get("pk"))

    def record(self, pk: int, verb: str = "view") -> Any:
        return get_object_or_404(self.screen.rows(self.user, verb), pk=pk)

    def look(self) -> Look:
        return self.screen.look(self.user, ViewState.parse(self.request.GET), currency_of(self.request))


class Rows(Base):
    """All rows in one of the modes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        searches = context.searches_of(self.screen, self.user)
        if opened := lastview.opening(self.screen, request, searches):
            return HttpResponseRedirect(f"{self.screen.url}?{opened}")
        look = self.look()
        mode = self.screen.mode(look.state)
        result = mode.build(look)
        lastview.remember(self.screen, request, look.state)
        return render(request, "ui/rows.html", context.rows_context(look, mode, result, searches))


class Cards(Base):
    """The next cards of one lane."""

    def get(self, request: HttpRequest) -> HttpResponse:
        board = self.board()
        look = self.look()
        cards, more = board.more(look)
        return render(request, "ui/cards.html", {"lane": {"cards": cards, "more": more}})

    def board(self) -> Board:
        board = self.screen.mode_of(Board)
        if board is None:
            raise Http404
        return board


class Heads(Cards):
    """The heads of all lanes and the figures above them, after something moved."""

    def get(self, request: HttpRequest) -> HttpResponse:
        look = self.look()
        result = self.board().heads(look)
        summary = context.summary(look, result)
        names = context.screen_names(self.screen)
        count = context.counted(result)
        touched = self.board().touched(look, request.GET.get("card", ""))
        noun = context.counted_noun(self.screen, result)
        shown = {
            "result": result, "summary": summary, "screen": names, "count": count, "noun": noun, "touched": touched,
        }  # fmt: skip
        return render(request, "ui/heads.html", shown)


class Page(Base):
    """One record, as a page and in the side panel."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.screen.shown(self.user).filter(pk=pk).first()
        if record is None:
            return self.elsewhere(pk)
        shown = page_context(self.screen, record, request, currency_of(request))
        return render(request, "ui/page.html", shown)

    def elsewhere(self, pk: int) -> HttpResponse:
        """Where a record is now that is no longer one of these. Raises `Http404`."""
        url = self.screen.elsewhere(pk, self.user) if self.screen.elsewhere else ""
        if not url:
            raise Http404
        return HttpResponseRedirect(url)


class Edit(Base):
    """The form of a new record, or of one that exists."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        return self.shown(self.form(pk, None))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        form = self.form(pk, request.POST)
        status = 422
        try:
            outcome = (acting.edit if pk else acting.create)(self.screen, form, actor(request))
        except Incomplete as gap:
            missing = [name for name in gap.fields if name in form.fields]
            form.add_error(None, dict.fromkeys(missing, str(gap)) or str(gap))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except Clashed:
            status = 409
        except Invalid:
            pass
        else:
            return done(request, outcome, to=outcome.records[0].get_absolute_url())
        return self.shown(form, status=status)

    def form(self, pk: int | None, values: Any) -> forms.ModelForm[Any]:
        if pk is None:
            self.screen.rows(self.user, "add")
            form = self.screen.form
            named = {n: v for n, v in self.request.GET.items() if n in form.base_fields}
            first = (form.first(self.user) if issubclass(form, ScreenForm) else {}) | named
            return acting.bound_form(self.screen, self.user, values, initial=first)
        return acting.bound_form(self.screen, self.user, values, self.record(pk, "change"))

    def shown(self, form: forms.ModelForm[Any], status: int = 200) -> HttpResponse:
        record = form.instance if form.instance.pk else None
        names = context.screen_names(self.screen)
        shown = {
            "screen": names,
            "form": form,
            "record": record,
            "title": str(record) if record else names["new_label"],
            "groups": context.form_groups(self.screen, form),
            "similar": context.similar_watch(self.screen, form),
        }
        return render(self.request, "ui/form.html", shown, status=status)


class QuickCreate(Base):
    """A record from one typed line, in the lane where it was typed."""

    def post(self, request: HttpRequest) -> HttpResponse:
        quick, board = self.screen.quick, self.screen.mode_of(Board)
        if quick is None or board is None:
            raise Http404
        values = quick.read(request.POST.get("name", ""), self.user)
        group = board.grouping(self.look())
        lane = request.POST.get("lane", "")
        if group is not None and lane and group.path in self.screen.form.base_fields and not group.interval:
            values[group.path] = lane
        form = acting.bound_form(self.screen, self.user, values)
        try:
            outcome = acting.create(self.screen, form, actor(request))
        except Invalid:
            return refused(request, sentences(form), to=self.screen.url, status=422)
        return done(request, outcome, to=self.screen.url, close=False)


class Move(Base):
    """A card was put into another lane."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.record(pk, "change")
        lane, group = request.POST.get("lane", ""), request.POST.get("g", "")
        fills = self.screen.fills(self.method(group))
        fill = gates.answered(self.screen, record, fills, request)
        who = actor(request)
        try:
            with acting.completing(self.screen, "move", record, fill, who):
                outcome = acting.move(self.screen, record, lane, group, who)
        except Incomplete as gap:
            return gates.ask_for(request, self.screen, record, fills, gap)
        except Invalid as invalid:
            if fill is not None and invalid.form is fill:
                return gates.ask(request, self.screen, record, fill)
            raise Refused(sentences(invalid.form)) from invalid
        return done(request, outcome, to=self.screen.url, close=fill is not None)

    def method(self, group: str) -> str:
        """What puts a record into a lane of that grouping."""
        board = self.screen.mode_of(Board)
        by = self.screen.search.group(group) if group or board is None else board.group_by
        return by.move or "" if by else ""


class Cell(Base):
    """One value, edited where it stands."""

    def get(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        form = self.form(pk, name, None)
        return self.shown(form, name)

    def post(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        form = self.form(pk, name, request.POST)
        try:
            outcome = acting.edit(self.screen, form, actor(request))
        except Incomplete as gap:
            return self.asked(request, pk, name, gap)
        except Refused as refusal:
            form.add_error(name, str(refusal))
        except Clashed as clash:
            return gates.choose(request, clash)
        except Invalid:
            pass
        else:
            record = outcome.records[0]
            if not wants_part(request) or gates.CHOSEN in request.POST:
                return done(request, outcome, to=record.get_absolute_url())
            response = render(
                request, "ui/cell.html", cell_shown(self.screen, record, name, request), block="cell"
            )
            events = told(
                request, {"toast": {"text": outcome.text, "undo": outcome.undo_url}, "cell-saved": {"id": pk}}
            )
            response.headers["HX-Trigger"] = events.headers["HX-Trigger"]
            return response
        return self.shown(form, name, status=422)

    def asked(self, request: HttpRequest, pk: int, name: str, gap: Incomplete) -> HttpResponse:
        """The value is a lane of the board: the dialog goes on as if the card had been moved there."""
        group = self.screen.search.group(name)
        carried = {"lane": request.POST.get(name, ""), "g": name}
        fills = self.screen.fills(group.move or "") if group else ()
        url, record = f"{self.screen.url}{pk}/move/", self.record(pk, "change")
        return gates.ask_for(request, self.screen, record, fills, gap, url=url, carried=carried)

    def form(self, pk: int, name: str, values: Any) -> forms.ModelForm[Any]:
        if name not in self.screen.cells:
            raise Http404
        form = restricted(self.screen.form, name)(values, instance=self.record(pk, "change"))
        scope_choices(form, self.user)
        return form

    def shown(self, form: forms.ModelForm[Any], name: str, status: int = 200) -> HttpResponse:
        shown = {"bound": form[name], "action_url": self.request.path, "title": fact_text(self.screen, name)}
        return render(self.request, "ui/cell.html", shown, block="cell", status=status)


class Act(Base):
    """Run an action on one row (`pk`), on the ticked rows (`id`, many times) or on all that the address finds."""

    def get(self, request: HttpRequest, name: str, pk: int | None = None) -> HttpResponse:
        action = self.action(name)
        records = self.records(action, pk)
        kind = action.form_for(many=self.is_many(records, pk))
        asked = issubclass(kind, ActionForm) and not kind.base_fields.keys().isdisjoint(request.GET)
        form = action_form(kind, request.GET if asked else None, records, self.user)
        return self.shown(action, form, records, pk)

    def post(self, request: HttpRequest, name: str, pk: int | None = None) -> HttpResponse:
        action = self.action(name)
        records = self.records(action, pk)
        many, one = self.is_many(records, pk), len(records) == 1
        form = action_form(action.form_for(many=many), request.POST, records, self.user)
        fill = gates.answered(self.screen, records[0], action.fills, request) if one else None
        if form.is_valid():
            try:
                outcome = self.run(action, records, form.cleaned_data, fill, many=many)
            except Incomplete as gap:
                return gates.ask_for(request, self.screen, records[0], action.fills, gap)
            except Invalid as invalid:
                return gates.ask(request, self.screen, records[0], cast("Any", invalid.form))
            except Refused as refusal:
                if action.form is None:
                    raise
                form.add_error(None, str(refusal))
            else:
                return self.done(action, outcome, pk)
        return self.shown(action, form, records, pk, status=422)

    def done(self, action: Action, outcome: Outcome, pk: int | None) -> HttpResponse:
        if outcome.report is not None and wants_part(self.request):
            return reported(self.request, outcome, str(action.label))
        to = outcome.records[0].get_absolute_url() if pk else self.screen.url
        return done(self.request, outcome, to=to, moved=action.becomes is not None and pk is not None)

    @staticmethod
    def is_many(records: list[Any], pk: int | None) -> bool:
        """Whether to ask as of several; a single ticked row is one record."""
        return pk is None and len(records) != 1

    def run(
        self,
        action: Action,
        records: list[Any],
        cleaned: dict[str, Any],
        fill: forms.ModelForm[Any] | None,
        *,
        many: bool,
    ) -> Outcome:
        who, first = actor(self.request), records[0] if records else None
        with acting.completing(self.screen, action.name, first, fill, who):
            return acting.act(self.screen, action, records, cleaned, who, many=many)

    def action(self, name: str) -> Action:
        action = self.screen.action(name)
        if action is None:
            raise Http404
        if not self.screen.may(self.user, action.verb):
            raise PermissionDenied
        return action

    def records(self, action: Action, pk: int | None) -> list[Any]:
        if pk is not None:
            return [self.record(pk, action.verb)]
        if self.request.GET.get("all") == "1":
            return acting.all_targets(self.screen, action, self.user, ViewState.parse(self.request.GET))
        ids = [*self.request.GET.getlist("id"), *self.request.POST.getlist("id")]
        return acting.targets(self.screen, action, self.user, ids)

    def shown(
        self, action: Action, form: forms.Form, records: list[Any], pk: int | None, status: int = 200
    ) -> HttpResponse:
        title = f"{action.label} – {records[0]}" if len(records) == 1 else str(action.label)
        shown = {
            "action": context.action_link(action, self.screen.url),
            "form": form,
            "action_url": self.address_without(form),
            "count": len(records),
            "title": title,
            "screen": context.screen_names(self.screen),
            **(form.shown() if isinstance(form, ActionForm) else {}),
        }
        template = form.template if isinstance(form, ActionForm) else "ui/action.html"
        return render(self.request, template, shown, block="dialog", status=status)

    def address_without(self, form: forms.Form) -> str:
        """The address of the dialog, of which the form's own values are no part."""
        query = self.request.GET.copy()
        for name in (*form.fields, *form.also) if isinstance(form, ActionForm) else ():
            query.pop(name, None)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path


def sentences(form: forms.BaseForm) -> str:
    """All that is wrong with a form, for where the form itself is not shown."""
    return " ".join(str(text) for errors in form.errors.values() for text in errors)


class Delete(Base):
    """Take a record away, with undo."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.deletable(pk)
        shown = {"title": _("Delete “%(record)s”?") % {"record": record}, "action_url": request.path}
        return render(request, "ui/delete.html", shown, block="dialog")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        outcome = acting.delete(self.screen, self.deletable(pk), actor(request))
        return done(request, outcome, to=self.screen.url, moved=True, gone=pk)

    def deletable(self, pk: int) -> Any:
        record = self.record(pk, "delete")
        if not self.screen.deletable:
            raise Refused(_("This is not deleted but archived."))
        return record
