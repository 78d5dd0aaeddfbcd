"""Creating, changing, deleting and acting, through the screen's forms and `piste.ui.acting` alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from piste.api.bodies import json_body
from piste.api.duplicates import told_of
from piste.api.listing import json_answer, one, reader, tag_of
from piste.api.problems import INVALID, Problem
from piste.api.resources import Resource, resource_of
from piste.api.shapes import Misfit, ids_of, typed
from piste.ui import acting
from piste.ui.acting import Actor, Invalid, Outcome
from piste.ui.forms import action_form
from piste.ui.gates import fill_form
from piste.ui.screen import Action

ROOT = "/api/v1"
ADMINISTER = "accounts.administer"


def actor(request: HttpRequest) -> Actor:
    """The owner of the key, acting now through the API."""
    return Actor(reader(request), "api", timezone.now())


def create(resource: Resource, request: HttpRequest) -> HttpResponse:
    screen, user = resource.screen, reader(request)
    screen.rows(user, "add")
    if screen.brought is not None and user.has_perm(ADMINISTER):
        screen = replace(screen, form=screen.brought)
    blank = screen.form()
    values, misfits = typed(json_body(request), blank.fields, screen.model)
    form = acting.bound_form(screen, user, _offered(blank) | values)
    _mark(form, misfits)
    outcome = acting.create(screen, form, actor(request))
    at = f"{ROOT}/{resource.slug}/{outcome.records[0].pk}"
    more = {}
    if screen.similar is not None:
        more = {"duplicates": told_of(resource, outcome.records[0], request)}
    return told(resource, request, outcome, status=201, headers={"Location": at}, more=more)


def _offered(blank: BaseForm) -> dict[str, Any]:
    """What an empty form already holds on the page: the model's defaults."""
    first = {name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()}
    return {name: value for name, value in first.items() if value not in (None, "", [])}


def change(resource: Resource, request: HttpRequest, pk: int) -> HttpResponse:
    """Write the given fields; the whole form has to hold with them. Others' changes to other fields stay."""
    screen, user = resource.screen, reader(request)
    given = json_body(request)
    with transaction.atomic():
        # Read under a lock: the form is to hold with what the row holds when it is written.
        rows = screen.rows(user, "change").select_for_update(of=("self",))
        record = get_object_or_404(rows, pk=pk)
        values, misfits = typed(given, screen.form.base_fields, screen.model)
        form = acting.bound_form(screen, user, values, record)
        _keep_others(form, set(given))
        _mark(form, misfits)
        outcome = acting.edit(screen, form, actor(request))
    return told(resource, request, outcome)


def _keep_others(form: forms.ModelForm[Any], given: set[str]) -> None:
    """Let the fields that are not given hold what the record holds."""
    for name, field in form.fields.items():
        field.disabled = name not in given


def delete(resource: Resource, request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(resource.screen.rows(reader(request), "delete"), pk=pk)
    outcome = acting.delete(resource.screen, record, actor(request))
    return written({"id": pk}, outcome)


def act(resource: Resource, action: Action, request: HttpRequest, pk: int) -> HttpResponse:
    """Run the action on one record."""
    rows = resource.screen.rows(reader(request), action.verb)
    record = get_object_or_404(rows, pk=pk)
    given = json_body(request)
    filled = {name: given.pop(name) for name in action.fills if name in given}
    fill = _fill(resource, record, filled, request) if filled else None
    who = actor(request)
    with acting.completing(resource.screen, action.name, record, fill, who):
        outcome = _run(resource, action, request, [record], given)
    become = resource_of(action.becomes) if action.becomes is not None else None
    return told(become or resource, request, outcome)


def act_on_many(resource: Resource, action: Action, request: HttpRequest) -> HttpResponse:
    """Run the action on the records of `ids` that are within reach: all of these or none."""
    resource.screen.rows(reader(request), action.verb)
    given = json_body(request)
    try:
        ids = ids_of(given.pop("ids", None))
    except Misfit as misfit:
        text = _("Correct the fields named in errors.")
        raise Problem(INVALID, text, errors={"ids": [str(misfit)]}) from misfit
    records = acting.targets(resource.screen, action, reader(request), ids)
    outcome = _run(resource, action, request, records, given, many=True)
    return written({"ids": [record.pk for record in records]}, outcome)


def _fill(
    resource: Resource, record: Any, given: Mapping[str, Any], request: HttpRequest
) -> forms.ModelForm[Any]:
    """The fields of the record that came with an action, where a rule asks for them first."""
    screen = resource.screen
    values, misfits = typed(given, screen.form.base_fields, screen.model)
    form = fill_form(screen, record, list(given), reader(request), values)
    _mark(form, misfits)
    return form


def _run(
    resource: Resource,
    action: Action,
    request: HttpRequest,
    records: list[Any],
    given: Mapping[str, Any],
    *,
    many: bool = False,
) -> Outcome:
    kind = action.form_for(many=many)
    values, misfits = typed(given, kind.base_fields)
    form = action_form(kind, values, records, reader(request))
    _mark(form, misfits)
    if not form.is_valid():
        raise Invalid(form)
    return acting.act(resource.screen, action, records, form.cleaned_data, actor(request), many=many)


def _mark(form: BaseForm, misfits: Mapping[str, str]) -> None:
    """Add to the form's errors what the form never saw."""
    for name, sentence in misfits.items():
        form.errors[name] = form.error_class([sentence])


def told(
    resource: Resource,
    request: HttpRequest,
    outcome: Outcome,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The record as it is after the write, unless the write took it out of reach."""
    pk = outcome.records[0].pk
    record = one(resource, reader(request), pk)
    tag = {} if record is None else {"ETag": tag_of(record)}
    body = {**(record or {"id": pk}), **(more or {})}
    return written(body, outcome, status=status, headers={**tag, **(headers or {})})


def written(
    body: dict[str, Any], outcome: Outcome, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The answer to every write: what it left, the operation it was, and a sentence for people."""
    operation = str(outcome.operation.pk)
    said = {"operation": operation, "message": outcome.celebrate or outcome.text}
    return json_answer(body | said, status=status, headers={"X-Undo": operation, **(headers or {})})
