"""Creating, editing, moving and acting, for pages and the API alike: form, gate, method, operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piste.core.history import operation
from piste.core.transitions import Incomplete, Refused
from piste.ui.forms import ScreenForm, restricted, scope_choices
from piste.ui.merging import Question, merge
from piste.ui.modes import Board, Look
from piste.ui.paths import resolve
from piste.ui.screen import Action, Report, Screen, screens
from piste.ui.state import BadAddress, ViewState

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.core.models import Operation

#: More records than this in one act need a word of confirmation.
BULK_LIMIT = 500


class Invalid(Exception):
    """A form did not hold; it carries the form with its errors."""

    def __init__(self, form: forms.BaseForm) -> None:
        self.form = form
        super().__init__(str(form.errors))


class Clashed(Invalid):
    """Somebody else has changed the same since; the form says what and asks."""

    def __init__(self, form: forms.BaseForm, questions: Sequence[Question]) -> None:
        super().__init__(form)
        self.questions = tuple(questions)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done: the operation, the records, a sentence, and perhaps a reason to celebrate."""

    operation: Operation
    records: list[Any]
    text: str
    celebrate: str = ""
    report: Report | None = None
    final: bool = False

    @property
    def undo_url(self) -> str:
        """Where it is taken back; empty for what is final."""
        return "" if self.final else f"/operations/{self.operation.pk}/undo/"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, through what, and when."""

    user: User
    via: str
    at: datetime


@contextmanager
def doing(screen: Screen, command: str, actor: Actor, records: Sequence[Model] = ()) -> Iterator[Operation]:
    """One transaction, one entry in the history."""
    about: dict[str, Any] = {"model": screen.model._meta.label_lower, "count": len(records)}
    if len(records) == 1:
        about |= {"pk": records[0].pk, "label": str(records[0])}
    with (
        transaction.atomic(),
        operation(f"{screen.name}.{command}", by=actor.user, via=actor.via, about=about) as op,
    ):
        yield op


def bound_form(
    screen: Screen, user: User, values: Mapping[str, Any] | None, instance: Model | None = None, **extra: Any
) -> forms.ModelForm[Any]:
    """The screen's form on a record, offering only what the user may see."""
    form = screen.form(values, instance=instance, **extra)
    scope_choices(form, user)
    return form


def create(screen: Screen, form: forms.ModelForm[Any], actor: Actor) -> Outcome:
    """Save a new record from its form. Raises `Invalid`, `Refused`, `PermissionDenied`."""
    screen.rows(actor.user, "add")
    if not form.is_valid():
        raise Invalid(form)
    with doing(screen, "create", actor) as op:
        if hasattr(form.instance, "created_by_id"):
            form.instance.created_by = actor.user
        record = _write(form, actor)
        # Nobody may create a row that lies outside their own rules.
        if not screen.rows(actor.user).filter(pk=record.pk).exists():
            raise Refused(_("You may not create this for somebody else."))
        op.about |= {"pk": record.pk, "label": str(record), "count": 1}
        op.save(update_fields=["about"])
    return Outcome(op, [record], _("“%(record)s” created.") % {"record": record})


def edit(screen: Screen, form: forms.ModelForm[Any], actor: Actor) -> Outcome:
    """Save a changed record from its form. Raises `Invalid`, `Clashed`, `Refused`."""
    if not form.is_valid():
        raise Invalid(form)
    with doing(screen, "edit", actor, [form.instance]) as op:
        rows = screen.rows(actor.user, "change").select_for_update(of=("self",))
        present = rows.filter(pk=form.instance.pk).first()
        if present is None:
            raise Refused(_("This has just been taken away or given to somebody else."))
        if questions := merge(form, present):
            raise Clashed(form, questions)
        record = _write(form, actor)
    return Outcome(op, [record], _("“%(record)s” saved.") % {"record": record})


def _write(form: forms.ModelForm[Any], actor: Actor) -> Any:
    return form.apply(by=actor.user, at=actor.at) if isinstance(form, ScreenForm) else form.save()


def delete(screen: Screen, record: Model, actor: Actor) -> Outcome:
    """Take a record away for good – until undone. Raises `Refused` while others hang on it."""
    name = str(record)
    try:
        with doing(screen, "delete", actor, [record]) as op:
            record.delete()
    except ProtectedError as error:
        raise Refused(_dependence(name, error, actor.user)) from error
    return Outcome(op, [], _("“%(record)s” deleted.") % {"record": name})


def _dependence(name: str, error: ProtectedError, user: User) -> str:
    """What hangs on a record, named only if the user may see it."""
    other = min(error.protected_objects, key=lambda row: str(row.pk))
    if not _is_seen(other, user):
        return _("“%(record)s” cannot be deleted: other records depend on it.") % {"record": name}
    sentence = ngettext(
        "“%(record)s” cannot be deleted: “%(other)s” depends on it.",
        "“%(record)s” cannot be deleted: “%(other)s” and others depend on it.",
        len(error.protected_objects),
    )
    return sentence % {"record": name, "other": other}


def _is_seen(record: Model, user: User) -> bool:
    """Whether any screen shows the record to the user."""
    table = record._meta.concrete_model
    shown = [s for s in screens() if s.model._meta.concrete_model is table and s.may(user, "view")]
    return any(screen.rows(user).filter(pk=record.pk).exists() for screen in shown)


def move(screen: Screen, record: Any, key: str, group: str, actor: Actor) -> Outcome:
    """Put a card into another lane of the board. Raises `Refused`, `Invalid`, `BadAddress`."""
    board = screen.mode_of(Board)
    by = screen.search.groups(ViewState(groups=(group,)))[0] if group else board.group_by if board else None
    if board is None or by is None:
        raise Refused(_("These cards have no lanes to move between."))
    look = Look(screen, actor.user, ViewState(lane=key), screen.model._default_manager.none(), "")
    if locked := board.locked(look, by):
        raise Refused(locked)
    try:
        value = look.lane_of(by)
    except BadAddress as error:
        raise Refused(_("There is no such lane.")) from error
    if by.move is None:
        return _move_by_form(screen, record, by.path, key, actor)
    target = _related(screen, by.path, value, actor.user)
    before = getattr(record, "status", "")
    with doing(screen, "move", actor, [record]) as op:
        getattr(record, by.move)(target, by=actor.user, at=actor.at)
    won = before != "won" and getattr(record, "status", "") == "won"
    celebrate = _celebration(screen, record, actor) if won else ""
    label = by.labels(screen.model, {value})[value]
    text = _("“%(record)s” moved to %(lane)s.") % {"record": record, "lane": label}
    return Outcome(op, [record], text, celebrate)


@contextmanager
def completing(
    screen: Screen, command: str, record: Model | None, fill: forms.ModelForm[Any] | None, actor: Actor
) -> Iterator[None]:
    """Write first what a rule asks for; what is done inside joins that operation. Raises as `edit` does."""
    if fill is None or record is None:
        yield
        return
    with doing(screen, command, actor, [record]):
        edit(screen, fill, actor)
        yield


def _move_by_form(screen: Screen, record: Any, name: str, key: str, actor: Actor) -> Outcome:
    form = restricted(screen.form, name)({name: key}, instance=record)
    scope_choices(form, actor.user)
    return edit(screen, form, actor)


def _related(screen: Screen, path_name: str, value: Any, user: User) -> Any:
    """The record a lane stands for, if the user may see it; plain values as they are."""
    path = resolve(screen.model, path_name)
    if value is None and path.field.null:
        return None
    target = path.related(user).filter(pk=value).first() if path.kind == "relation" else value
    if target is None:
        raise Refused(_("There is no such lane."))
    return target


def act(
    screen: Screen,
    action: Action,
    records: list[Any],
    cleaned: dict[str, Any],
    actor: Actor,
    *,
    many: bool = False,
) -> Outcome:
    """Run an action on one or many records, all or none. Raises `Refused`."""
    if not records:
        raise Refused(_("Nothing is selected."))
    with doing(screen, action.name, actor, records) as op:
        if many and action.together is not None:
            report = action.together(records, actor, cleaned)
            return Outcome(op, records, report.text, report=report)
        done = [_perform(action, record, cleaned, actor, alone=len(records) == 1) for record in records]
    celebrate = _celebration(screen, records[0], actor) if action.name == "win" and len(records) == 1 else ""
    return Outcome(op, done, _told(action, records), celebrate, final=action.final)


def _perform(action: Action, record: Any, cleaned: dict[str, Any], actor: Actor, *, alone: bool) -> Any:
    """The record afterwards, or what it has become."""
    if action.offered is not None and not action.offered(record):
        raise Refused(_("“%(record)s” is not in a state that allows this.") % {"record": record})
    try:
        become = action.perform(record, actor.user, actor.at, cleaned)
    except Incomplete as gap:
        if alone:
            raise
        # Many records cannot be asked about at once, so at least say which one it is.
        sentence = _("“%(record)s”: %(sentence)s") % {"record": record, "sentence": gap}
        raise Refused(sentence) from gap
    return become if action.becomes is not None else record


def _told(action: Action, records: list[Any]) -> str:
    if len(records) == 1:
        return str(action.done) % {"record": _("“%(record)s”") % {"record": records[0]}}
    many = ngettext("%(count)s record", "%(count)s records", len(records)) % {"count": len(records)}
    return _("%(action)s: %(many)s") % {"action": action.label, "many": many}


def _celebration(screen: Screen, record: Any, actor: Actor) -> str:
    action = screen.action("win")
    if action is None or action.after is None or not actor.user.celebrations:
        return ""
    return str(action.after(record, actor.user, actor.at).get("celebrate", ""))


def targets(screen: Screen, action: Action, user: User, ids: Sequence[str]) -> list[Any]:
    """The ticked records within the user's reach, as they are named; others are skipped. Raises `Refused` beyond the
    limit."""
    if not action.bulk:
        raise PermissionDenied
    keys = [int(key[:18]) for key in ids if key.isdecimal()]
    found = {
        record.pk: record for record in _few(screen.rows(user, action.verb).filter(pk__in=keys), len(keys))
    }
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def all_targets(screen: Screen, action: Action, user: User, state: ViewState) -> list[Any]:
    """All records that the address finds. Raises `Refused` beyond the limit, `BadAddress`."""
    if not action.bulk:
        raise PermissionDenied
    return _few(screen.search.apply(screen.rows(user, action.verb), state, user))


def _few(rows: QuerySet[Any], count: int = 0) -> list[Any]:
    found = list(rows[: BULK_LIMIT + 1])
    if max(count, len(found)) > BULK_LIMIT:
        sentence = _("At most %(limit)s records at once.") % {"limit": BULK_LIMIT}
        raise Refused(sentence)
    return found
