"""Two people edit one record: what each has changed is kept; who changes what another just did is asked."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import construct_instance, model_to_dict
from django.http import QueryDict
from django.utils.translation import gettext as _

from piste.core.changes import changes_of
from piste.ui import formats
from piste.ui.paths import resolve


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else has changed to another value since the form was shown."""

    name: str
    before: Any
    present: Any


@dataclass(frozen=True, slots=True)
class Question:
    """A clash as it is asked about: who changed what when, and the three values in words."""

    name: str
    label: str
    who: str
    when: str
    before: str
    present: str
    mine: str


def merge(form: forms.ModelForm[Any], present: Model) -> list[Question]:
    """Put what was changed in the form on the row as it is now; with a clash the form says so instead.

    A form carries what it showed in hidden fields; what it does not carry is taken as changed.
    """
    now = model_to_dict(present, fields=list(form.fields))
    changed = [name for name in form.fields if _is_changed(form[name])]
    clashes = list(_clashes(form, changed, now))
    if clashes:
        return _ask(form, clashes, present, now)
    for name in form.fields:
        if name not in changed:
            form.cleaned_data.pop(name, None)
    form.instance = construct_instance(form, present, changed)
    return []


def _shown(bound: forms.BoundField) -> Any:
    """What the form showed, as its hidden field has it; None if there is none."""
    widget = bound.field.hidden_widget()
    return widget.value_from_datadict(bound.form.data, bound.form.files, bound.html_initial_name)


def _is_changed(bound: forms.BoundField) -> bool:
    if bound.field.disabled:
        return False
    carried = bound.html_initial_name in bound.form.data
    return not carried or _value(bound.field, bound.data) != _value(bound.field, _shown(bound))


def _clashes(form: forms.ModelForm[Any], changed: list[str], now: dict[str, Any]) -> Iterator[Clash]:
    for name in changed:
        bound = form[name]
        if name not in now or bound.html_initial_name not in form.data:
            continue
        before = _value(bound.field, _shown(bound))
        present = _value(bound.field, bound.field.prepare_value(now[name]))
        if present not in (before, _value(bound.field, bound.data)):
            yield Clash(name, before, present)


def _value(field: forms.Field, raw: Any) -> Any:
    """What the text means, so that two ways of writing it are the same."""
    try:
        value = field.to_python(raw.replace("\r\n", "\n") if isinstance(raw, str) else raw)
    except ValidationError:
        return raw
    return frozenset(value or ()) if isinstance(field, forms.ModelMultipleChoiceField) else value


def _ask(
    form: forms.ModelForm[Any], clashes: list[Clash], present: Model, now: dict[str, Any]
) -> list[Question]:
    """Say at each field who changed it to what; sending the form once more keeps one's own values."""
    changes = changes_of(present, limit=20)
    carried = copy(form.data)
    questions = [_question(form[clash.name], clash, present, changes) for clash in clashes]
    for asked in questions:
        sentence = _(
            "%(who)s changed this %(when)s from “%(before)s” to “%(present)s”. Save again to keep your value."
        )
        form.add_error(asked.name, sentence % asdict(asked))
        value = form.fields[asked.name].prepare_value(now[asked.name])
        _carry(carried, form[asked.name].html_initial_name, value)
    form.data = carried
    return questions


def _question(bound: forms.BoundField, clash: Clash, present: Model, changes: list[Any]) -> Question:
    name, field = clash.name, bound.field
    change = next((c for c in changes if any(part.name == name for part in c.fields)), None)
    return Question(
        name,
        label=str(bound.label),
        who=str((change and change.by) or _("Somebody")),
        when=formats.ago(change.at) if change else _("just now"),
        before=_text(present, name, field, clash.before),
        present=_text(present, name, field, clash.present),
        mine=_text(present, name, field, _value(field, bound.data)),
    )


def _carry(data: Any, name: str, value: Any) -> None:
    values = [str(v) for v in value] if isinstance(value, list) else ["" if value is None else str(value)]
    if isinstance(data, QueryDict):
        data.setlist(name, values)
    else:
        data[name] = values if isinstance(value, list) else values[0]


def _text(record: Model, name: str, field: forms.Field, value: Any) -> str:
    """A value as the question names it."""
    path = resolve(type(record), name)
    if path.kind == "tags":
        return ", ".join(sorted(map(str, value))) or "—"
    if path.kind == "choice":
        return path.choice_label(path.field.to_python(value)) if value else "—"
    if path.kind == "boolean":
        return path.print(value)
    shown = value if isinstance(value, Model) else field.prepare_value(value)
    return "—" if shown in (None, "") else str(shown)
