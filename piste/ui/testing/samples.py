"""A record of any model, made from what the model says of itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.fields import NOT_PROVIDED
from django.utils import timezone


def sample(model: type[models.Model], number: int = 1, *, word: str = "Row", owner: Any = None) -> Any:
    """Make a record with something in every column that people fill; texts begin with the word."""
    values = {
        field.name: value
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and not field.auto_created
        if (value := _value(field, number, word, owner)) is not NOT_PROVIDED
    }
    record = model._default_manager.create(**values)
    for field in model._meta.many_to_many:
        related: Any = field.related_model
        getattr(record, field.name).set([some(related, owner)])
    if isinstance(record, AbstractBaseUser):
        record.set_unusable_password()
        record.save()
    return record


def some(model: type[models.Model], owner: Any = None) -> Any:
    """A record of the model that is there already, else a new one."""
    if model is get_user_model():
        return owner or model._default_manager.first()
    return model._default_manager.first() or sample(model, owner=owner)


def _value(field: models.Field[Any, Any], number: int, word: str, owner: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        return _related(field, owner)
    if field.choices:
        keys = [key for key, _label in field.flatchoices if key != ""]
        return keys[number % len(keys)]
    if isinstance(field, ArrayField):
        plain = isinstance(field.base_field, models.CharField) and not field.base_field.choices
        return [f"{word} {number} {field.name}"[:20]] if plain else NOT_PROVIDED
    if field.has_default() and not isinstance(field, models.DecimalField | models.SmallIntegerField):
        return NOT_PROVIDED
    return _plain(field, number, word)


def _plain(field: models.Field[Any, Any], number: int, word: str) -> Any:
    if isinstance(field, models.DecimalField):
        small = field.max_digits is not None and field.max_digits <= 6
        return Decimal(number % 90 + 1) if small else Decimal(1000 * number) + Decimal("0.50")
    if isinstance(field, models.IntegerField):
        return number
    if isinstance(field, models.DateField):
        today: Any = timezone.now() if isinstance(field, models.DateTimeField) else timezone.localdate()
        return NOT_PROVIDED if isinstance(field, models.DateTimeField) else today + timedelta(days=number)
    if field.name == "email":
        return f"{word.lower()}{number}@example.com"
    if isinstance(field, models.CharField | models.TextField):
        text = f"{word} {number} {field.name}"
        fits = field.max_length is None or len(text) <= field.max_length
        return text if fits else f"{word}{number}"[: field.max_length]
    return NOT_PROVIDED


def _related(field: models.ForeignKey[Any, Any], owner: Any) -> Any:
    related: Any = field.related_model
    if related is get_user_model() and field.null:
        return owner
    if related._meta.concrete_model is field.model._meta.concrete_model:
        return related._default_manager.first()
    return some(related, owner)


def filled(form: forms.BaseForm) -> dict[str, Any]:
    """What a person might send with the form: what it shows, and something wherever it asks for something."""
    sent = {bound.html_name: _sent(bound) for bound in form}
    return {name: value for name, value in sent.items() if value not in (None, "", False, [])}


def _sent(bound: forms.BoundField) -> Any:
    value: Any = bound.value()
    field = bound.field
    if isinstance(field, forms.ModelMultipleChoiceField):
        rows = value or _rows(field)[:1]
        return [getattr(row, "pk", row) for row in rows]
    if isinstance(field, forms.ModelChoiceField) and field.required and not value:
        row = _rows(field).first()
        return row.pk if row else None
    if value not in (None, "") or not field.required:
        return value
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return next((key for key, _label in choices if key), None)
    return 1 if isinstance(field, forms.IntegerField) else "Something"


def _rows(field: forms.ModelChoiceField[Any]) -> models.QuerySet[Any]:
    assert field.queryset is not None
    return field.queryset.all()
