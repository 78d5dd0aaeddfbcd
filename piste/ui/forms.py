"""Forms of every screen: related rows within the user's reach, values as people type them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.db.models import Model
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import BaseForm, ModelChoiceField

from piste.core.access import ScopedQuerySet

if TYPE_CHECKING:
    from piste.accounts.models import User


M = TypeVar("M", bound=Model)
NOTHING = "—"


class ScreenForm(forms.ModelForm[M]):
    """The form of a screen. `apply` writes what was typed, by whom and when.

    On a record that is there it carries what it shows, so that two who edit it do not undo each other.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = self.instance.pk is not None

    @classmethod
    def first(cls, user: User) -> dict[str, Any]:
        """What a new record starts with when this person opens the form."""
        return {}

    def apply(self, *, by: User, at: datetime) -> M:
        """Write the record; subclasses call the methods that a mere saving would bypass."""
        saved: M = self.save()
        return saved


class ActionForm(forms.Form):
    """The form of an action that depends on what it acts on and on who asks.

    `template` shows it; `shown` is what that is given beside the form. Sent with GET, perhaps with what `also` names,
    it shows what would happen.
    """

    template: ClassVar[str] = "ui/action.html"
    also: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, *args: Any, records: Sequence[Any] = (), user: User | None = None, **kwargs: Any
    ) -> None:
        self.records, self.user = list(records), user
        super().__init__(*args, **kwargs)

    def shown(self) -> dict[str, Any]:
        return {}


def action_form(kind: type[forms.Form], values: Any, records: Sequence[Any], user: User) -> forms.Form:
    """The form of an action on these records, offering only what the user may see."""
    form = kind(values, records=records, user=user) if issubclass(kind, ActionForm) else kind(values)
    scope_choices(form, user)
    return form


class BesideField(forms.BooleanField):
    """A question that is asked beside the form, when there is reason to; unasked it is a no."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False} | kwargs)


def scope_choices(form: BaseForm, user: User) -> None:
    """Offer, and accept, only the related rows this user may see, and those that the record has already."""
    there = form.initial if isinstance(form, forms.ModelForm) and form.instance.pk else {}
    for name, field in form.fields.items():
        _dash(field)
        if isinstance(field, ModelChoiceField) and isinstance(field.queryset, ScopedQuerySet):
            rows = field.queryset.for_user(user)
            if present := _keys(there.get(name)):
                rows = rows | field.queryset.model._default_manager.filter(pk__in=present)
            field.queryset = rows


def _dash(field: forms.Field) -> None:
    """A short dash stands for none, instead of a row of hyphens."""
    if isinstance(field, ModelChoiceField):
        if field.empty_label == BLANK_CHOICE_DASH[0][1]:
            field.empty_label = NOTHING
    elif isinstance(field, forms.TypedChoiceField):
        choices: Any = field.choices
        field.choices = [(key, NOTHING if key == "" else label) for key, label in choices]


def _keys(value: Any) -> list[Any]:
    values = [] if value is None else list(value) if isinstance(value, Iterable) else [value]
    return [getattr(row, "pk", row) for row in values]


def restricted(form: type[forms.ModelForm[Any]], *names: str) -> type[forms.ModelForm[Any]]:
    """The form with some of its fields only, for editing single values."""
    others = {other: None for other in getattr(form, "base_fields", {}) if other not in names}
    meta = type("Meta", (form.Meta,), {"fields": list(names)})  # type: ignore[attr-defined]
    return type("_".join((form.__name__, *names)), (form,), {"Meta": meta, **others})


class LookupSelect(forms.Select):
    """A select that holds the present choice only; `piste-lookup` finds others while typing."""

    def __init__(self, model: type[Model], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-lookup": f"/lookup/{model._meta.label_lower}/"} | (attrs or {}))

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        field_choices: Any = self.choices
        chosen = field_choices.queryset.filter(pk__in=[str(v)[:18] for v in value if str(v).isdecimal()])
        options: list[tuple[str, str]] = [("", ""), *((str(row.pk), str(row)) for row in chosen)]
        return [
            (None, [self.create_option(name, key, label, key in map(str, value), i)], i)
            for i, (key, label) in enumerate(options)
        ]
