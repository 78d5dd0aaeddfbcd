"""The settings page: what the company decides, row by row, and the way to its lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from piste.accounts import options
from piste.accounts.models import User
from piste.accounts.options import Option, Question
from piste.accounts.profile import person
from piste.core.changes import Change, changes_of
from piste.core.text import fold
from piste.ui.acting import Invalid
from piste.ui.answers import actor, done, events_of, render, told, wants_part
from piste.ui.historyview import Entry, change_entries
from piste.ui.paths import resolve

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the settings lead to, for those who may see it and while it is `offered`."""

    label: str | StrPromise
    note: str | StrPromise
    url: str
    icon: str
    permission: str
    offered: Callable[[], bool] = lambda: True


PLACES = (
    Place(_("People"), _("Who works here, and what they may do"), "/users/", "user", "accounts.view_user"),
    Place(_("Teams"), _("Who sells together"), "/teams/", "users", "accounts.view_team"),
    Place(_("Stages"), _("The steps of the pipeline"), "/stages/", "columns-3", "pipeline.view_stage"),
    Place(
        _("Lost reasons"),
        _("Why deals are lost"),
        "/lost-reasons/",
        "thumbs-down",
        "pipeline.view_lostreason",
    ),
    Place(
        _("Recurring plans"),
        _("How often recurring revenue is paid"),
        "/recurring-plans/",
        "repeat",
        "pipeline.view_recurringplan",
    ),
    Place(_("Tags"), _("Keywords for finding records"), "/tags/", "tag", "contacts.view_tag"),
    Place(_("Sources"), _("Where business came from"), "/sources/", "globe", "contacts.view_source"),
    Place(
        _("Media"),
        _("How it reached you: mail, telephone, advertisement"),
        "/media/",
        "mail",
        "contacts.view_medium",
    ),
    Place(
        _("Campaigns"),
        _("Marketing that brings in business"),
        "/campaigns/",
        "target",
        "contacts.view_campaign",
    ),
    Place(_("Import"), _("Load records from a file"), "/import/", "upload", "contacts.add_contact"),
    Place(_("API"), _("For programs that work with Piste"), "/api/v1/docs", "link", "accounts.view_user"),
)


_added: list[Place] = []


def add_place(place: Place) -> None:
    """Let the settings lead to a page of a package above."""
    _added.append(place)


@dataclass(frozen=True, slots=True)
class Row:
    """A setting as the page shows it: to be changed, or greyed with somebody to ask."""

    key: str
    label: str
    help: str
    form: BaseForm | None
    name: str
    value: str
    effect: str
    ask: str
    found: str

    @property
    def url(self) -> str:
        return reverse("setting", args=[self.key])

    @property
    def bound(self) -> Any:
        return self.form[self.name] if self.form is not None else None


def row_of(option: Option, user: User, form: Any = None) -> Row:
    form = form or option.bound()
    field = form.fields[option.name]
    label, note = capfirst(str(field.label)), str(field.help_text)
    effect = option.effect() if option.effect else ""
    field.help_text = ""
    may = user.has_perm(option.permission)
    return Row(
        key=option.key,
        label=label,
        help=note,
        form=form if may else None,
        name=option.name,
        value=_printed(option, form),
        effect=effect,
        ask="" if may else _ask(option),
        found=fold(" ".join((label, note, str(option.words), str(option.section.title)))),
    )


def _printed(option: Option, form: Any) -> str:
    """The value in words, as its control offers it."""
    value = form.initial.get(option.name)
    words = {str(key): str(text) for key, text in _flat(getattr(form.fields[option.name], "choices", ()))}
    if isinstance(value, list):
        return ", ".join(words.get(str(one), str(one)) for one in value)
    return words.get(str(value)) or resolve(option.model, option.name).text(form.instance)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, text in choices:
        flat += _flat(text) if isinstance(text, list | tuple) else [(key, text)]
    return flat


def _ask(option: Option) -> str:
    somebody = options.who_may(option.permission)
    return gettext("Ask %(name)s") % {"name": somebody} if somebody else gettext("Ask an administrator")


class Settings(View):
    """All settings and lists that fit what is typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = person(request)
        typed = request.GET.get("q", "").replace("\x00", "").strip()[:100]
        words = fold(typed).split()
        rows = [(option.section, row_of(option, user)) for option in options.options()]
        fits = [(section, row) for section, row in rows if all(word in row.found for word in words)]
        sections = [
            (section, [row for _section, row in group])
            for section, group in groupby(fits, key=lambda pair: pair[0])
        ]
        places = [p for p in (*PLACES, *_added) if user.has_perm(p.permission) and p.offered()]
        if words:
            places = [p for p in places if all(word in fold(f"{p.label} {p.note}") for word in words)]
        suggested = [] if sections or places else [str(section.title) for section, _row in _first(rows)]
        shown = {"sections": sections, "places": places, "q": typed, "suggested": suggested}
        return render(request, "accounts/settings.html", shown)


def _first(rows: list[tuple[Any, Row]]) -> list[tuple[Any, Row]]:
    """One row of each section."""
    return list({section.key: (section, row) for section, row in rows}.values())


class Setting(View):
    """One setting: shown, and saved at once."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.shown(self.option(key))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        option = self.option(key)
        if not person(request).has_perm(option.permission):
            raise PermissionDenied
        try:
            outcome = options.change(option, request.POST, request.POST.get("answer", ""), actor(request))
        except Invalid as invalid:
            return self.shown(option, invalid.form, status=422)
        if isinstance(outcome, Question):
            return self.asked(option, outcome)
        if not wants_part(request) or request.POST.get("answer"):
            return done(request, outcome, to=f"{reverse('settings')}#{option.key}")
        response = self.shown(option)
        # The row answers for itself; the others have not changed.
        events = {"toast": events_of(outcome)["toast"]}
        response.headers["HX-Trigger"] = told(request, events).headers["HX-Trigger"]
        response.headers["X-Undo"] = str(outcome.operation.pk)
        return response

    def option(self, key: str) -> Option:
        option = options.option_named(key)
        if option is None:
            raise Http404
        return option

    def shown(self, option: Option, form: Any = None, status: int = 200) -> HttpResponse:
        row = row_of(option, person(self.request), form)
        return render(self.request, "accounts/setting.html", {"row": row}, block="row", status=status)

    def asked(self, option: Option, question: Question) -> HttpResponse:
        """Ask in a dialog, before anything changes."""
        values = self.request.POST.getlist(option.name)
        shown = {"question": question, "row": row_of(option, person(self.request)), "values": values}
        response = render(self.request, "accounts/setting_question.html", shown, block="dialog")
        response.headers["HX-Retarget"] = "#dialog"
        response.headers["HX-Reswap"] = "innerHTML"
        # Behind the dialog the page shows what still holds.
        response.headers["HX-Trigger"] = told(self.request, {"rows-changed": {}}).headers["HX-Trigger"]
        return response


class SettingHistory(View):
    """Who changed a setting, when, from what to what."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        option = options.option_named(key)
        if option is None:
            raise Http404
        shown = {
            "changes": history_of(option, person(request)),
            "title": row_of(option, person(request)).label,
        }
        return render(request, "accounts/setting_history.html", shown, block="changes")


def history_of(option: Option, user: User) -> list[Entry]:
    """The last changes of one setting."""
    record: Any = option.model.get()  # type: ignore[attr-defined]
    told_of = [_only(change, option.name) for change in changes_of(record, limit=200)]
    return change_entries([change for change in told_of if change.fields][:10], user, "")


def _only(change: Change, name: str) -> Change:
    return replace(change, fields=tuple(part for part in change.fields if part.name == name))
