"""The history as people read it, and undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import View

from piste.core.changes import Change, FieldChange, operations_of
from piste.core.models import Operation
from piste.core.transitions import Refused
from piste.core.undo import UndoConflict, may_undo, touched, undo
from piste.ui import formats
from piste.ui.acting import Outcome
from piste.ui.answers import actor, back, done, refused, render
from piste.ui.paths import Path
from piste.ui.screen import screens
from piste.ui.words import command_label

if TYPE_CHECKING:
    from piste.accounts.models import User


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as shown: who, what, each value before and after, and the way back."""

    id: str
    who: str
    initials: str
    tone: int
    command: str
    about: str
    when: str
    parts: list[tuple[str, str, str]]
    undo_url: str
    undone: bool
    undoable: bool
    merged: str = ""
    merged_url: str = ""


def change_entries(changes: list[Change], user: User, currency: str) -> list[Entry]:
    """The changes of one record."""
    return [_entry(change, user, currency) for change in changes]


def _entry(change: Change, user: User, currency: str) -> Entry:
    who = str(change.by) if change.by else _("Automation")
    op = change.operation
    about = str(op.about.get("label", "")) if op else ""
    return Entry(
        id=str(op.pk) if op else "",
        who=who,
        initials=formats.initials(who),
        tone=change.by.pk % 8 if change.by else 0,
        command=command_label(change.command),
        about=about,
        when=formats.moment(change.at),
        parts=[(capfirst(part.label), *_values(part, currency)) for part in change.fields],
        undo_url=reverse("ui:undo", args=[op.pk]) if op else "",
        undone=bool(op and op.undone_by_id),
        undoable=op is not None and change.undoable and may_undo(op, user),
        merged=", ".join(change.merged),
        merged_url=reverse("ui:merged", args=[op.pk]) if op and change.merged else "",
    )


def _values(part: FieldChange, currency: str) -> tuple[str, str]:
    """Before and after as people read them."""
    if part.kind != "value":
        return part.before_text, part.after_text
    path = Path(part.name, part.field, ())
    before, after = (
        "" if value is None or value == "" else path.print(value, currency)
        for value in (part.before, part.after)
    )
    return before, after


class History(View):
    """The last fifty things the reader did."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = cast("Any", request.user)
        entries = [_entry(change, user, "EUR") for change in operations_of(user)]
        return render(
            request, "ui/history.html", {"changes": entries, "title": _("My history")}, block="dialog"
        )


class Undo(View):
    """Take an operation back; a later change to the same field is named, and the rest is offered."""

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        user = cast("Any", request.user)
        op = get_object_or_404(Operation.objects.select_related("by"), pk=pk)
        if not may_undo(op, user) or not within_reach(op, user):
            raise Http404
        came_from = back(request)
        who = actor(request)
        try:
            undone = undo(op, by=user, at=who.at, via=who.via, rest=request.GET.get("rest") == "1")
        except UndoConflict as conflict:
            return refused(
                request,
                conflict_sentence(conflict, user),
                to=came_from,
                undo=f"{request.path}?rest=1",
                undo_label=_("Undo the rest"),
            )
        except Refused as refusal:
            return refused(request, str(refusal), to=came_from)
        outcome = Outcome(undone, [], _("Undone: %(what)s") % {"what": command_label(op.command)})
        return done(request, outcome, to=came_from)


#: Commands of this family set what everybody may set for themselves, and nothing else.
ABOUT_ONESELF = "profile."


def within_reach(op: Operation, user: User) -> bool:
    """Whether the user may change every record the operation touched that a screen shows, or it was about oneself."""
    if op.command.startswith(ABOUT_ONESELF) and op.by_id == user.pk:
        return touched(op) == {user._meta.model: {user.pk}}
    along = op.about.get("along", {}) if op.by_id == user.pk else {}
    return all(
        _reachable(model, keys - set(along.get(model._meta.label_lower, ())), user)
        for model, keys in touched(op).items()
    )


def conflict_sentence(conflict: UndoConflict, user: User) -> str:
    """What stands in the way of an undo, without the names of records out of the user's reach."""
    if all(_reachable(one.model, {one.pk}, user) for one in conflict.conflicts):
        return str(conflict)
    return _("Something that you may not see has been changed since.")


_guards: dict[Any, str] = {}


def guard(model: Any, permission: str) -> None:
    """Let only holders of the permission undo changes to rows that no screen shows, such as settings."""
    _guards[model] = permission


def _reachable(model: Any, keys: set[int], user: User) -> bool:
    if model in _guards and keys and not user.has_perm(_guards[model]):
        return False
    shown = [screen for screen in screens() if screen.model._meta.concrete_model is model]
    if not shown or not keys:
        return True
    if not any(screen.may(user, "change") for screen in shown):
        return False
    here = set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
    if not here:
        return True
    reached: set[int] = set()
    for screen in shown:
        if screen.may(user, "change"):
            reached |= set(screen.rows(user, "change").filter(pk__in=here).values_list("pk", flat=True))
    return here <= reached
