"""Forms of every screen: related rows within the user's reach, values as people type them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.db.models import Model
from django.forms import BaseForm, ModelChoiceField

from piste.core.access import ScopedQuerySet

if TYPE_CHECKING:
    from piste.accounts.models import User


M = TypeVar("M", bound=Model)


class ScreenForm(forms.ModelForm[M]):
    """The form of a screen. `apply` writes what was typed, by whom and when."""

    def apply(self, *, by: User, at: datetime) -> M:
        """Write the record; subclasses call the methods that a mere saving would bypass."""
        saved: M = self.save()
        return saved


def scope_choices(form: BaseForm, user: User) -> None:
    """Offer, and accept, only the related rows this user may see."""
    for field in form.fields.values():
        if isinstance(field, ModelChoiceField) and isinstance(field.queryset, ScopedQuerySet):
            field.queryset = field.queryset.for_user(user)


def restricted(form: type[forms.ModelForm[Any]], name: str) -> type[forms.ModelForm[Any]]:
    """The form with one field only, for editing a single value in place."""
    base = getattr(form, "base_fields", {})
    meta = type("Meta", (form.Meta,), {"fields": [name]})  # type: ignore[attr-defined]
    made = type(f"{form.__name__}_{name}", (form,), {"Meta": meta, **{other: None for other in base if other != name}})
    return made


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
