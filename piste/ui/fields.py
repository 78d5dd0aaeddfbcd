"""Form fields that read amounts and days as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from piste.ui import formats
from piste.ui.exchange.values import amount, day


class AmountField(forms.DecimalField):
    """Takes 12 400,50 and 12,4k as well as 12400.5."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return amount(value, mark="" if not isinstance(value, str) else _mark())

    def clean(self, value: Any) -> Decimal | None:
        found = super().clean(value)
        return Decimal(0) if found is None and not self.required and self.initial == Decimal(0) else found

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return formats.number(value.normalize() if value else Decimal(0)) if value else ""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except forms.ValidationError:
            return True


def _mark() -> str:
    return "," if get_language() == "fr" else "."


class DayField(forms.DateField):
    """Takes 15/12, tomorrow, mon, +3d and end of month as well as 2026-12-15."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("placeholder", _("15/12, tomorrow, +3d"))
        self.widget.attrs.setdefault("data-day", "")

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return super().to_python(value)
        return day(str(value), today=timezone.localdate())

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%d/%m/%Y") if isinstance(value, date) else value


def form_field(field: models.Field[Any, Any], **kwargs: Any) -> Any:
    """The form field of a column; amounts and days are read as people write them."""
    if isinstance(field, models.DecimalField):
        return field.formfield(form_class=AmountField, localize=False, **kwargs)
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return field.formfield(form_class=DayField, **kwargs)
    if isinstance(field, models.ManyToManyField):
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
    return field.formfield(**kwargs)
