"""Merging records through the API, and where the records are that were merged into others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from piste.api.bodies import json_body
from piste.api.listing import reader
from piste.api.problems import INVALID, MERGED, Problem
from piste.api.resources import Resource
from piste.api.shapes import Misfit, ids_of, typed
from piste.api.writing import ROOT, actor, told
from piste.ui import acting, combine
from piste.ui.acting import Invalid
from piste.ui.combine import Chosen

ToOne = Callable[[HttpRequest, int], HttpResponse]
MEMBERS = ("ids", "survivor", "values")


def merge(resource: Resource, request: HttpRequest) -> HttpResponse:
    """Make one record of those in `ids`: all must be within reach, or nothing is done."""
    screen, user, given = resource.screen, reader(request), json_body(request)
    for name in given:
        if name not in MEMBERS:
            raise _wrong(name, _("There is no such field, or it cannot be written."))
    try:
        keys = [int(key) for key in ids_of(given.get("ids"))]
    except Misfit as misfit:
        raise _wrong("ids", str(misfit)) from misfit
    found = combine.chosen(screen, user, keys)
    if found.lacks:
        missing = sorted(set(keys) - {row.pk for row in found.records})
        raise _wrong("ids", _("Not there, or not yours: %(ids)s.") % {"ids": ", ".join(map(str, missing))})
    if len(found.records) < 2:
        raise _wrong("ids", _("Choose at least two records to merge."))
    survivor = _survivor(found, given.get("survivor"))
    values = _values(resource, request, survivor, given.get("values"))
    return told(resource, request, combine.merge(screen, found, survivor, values, actor(request)))


def _survivor(found: Chosen, key: Any) -> Any:
    """The record that is to stay, else the best one."""
    if key is None:
        return found.records[0]
    named = found.named(key) if isinstance(key, int) and not isinstance(key, bool) else None
    if named is None:
        raise _wrong("survivor", _("Give one of the ids."))
    return named


def _values(resource: Resource, request: HttpRequest, survivor: Any, given: Any) -> dict[str, Any]:
    """Values that the result takes whatever the rules say, as the form of the record reads them."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise _wrong("values", _("Give an object with the fields."))
    screen = resource.screen
    values, misfits = typed(given, screen.form.base_fields, screen.model)
    # A copy, for the form writes to it what it reads.
    form = acting.bound_form(screen, reader(request), values, copy(survivor))
    for name, field in form.fields.items():
        field.disabled = name not in given
    for name, sentence in misfits.items():
        form.errors[name] = form.error_class([sentence])
    if not form.is_valid():
        raise Invalid(form)
    return {name: form.cleaned_data[name] for name in given}


def _wrong(name: str, sentence: str) -> Problem:
    return Problem(INVALID, _("Correct the fields named in errors."), errors={name: [sentence]})


def leading_on(resource: Resource, view: ToOne) -> ToOne:
    """The view; for a record that was merged into another it tells where that is instead, with 308."""

    def shown(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except Http404:
            address = combine.moved_to(resource.screen, pk, reader(request))
            if not address:
                raise
            rest = request.path.partition(f"/{resource.slug}/{pk}")[2]
            text = _("This record was merged into another one. Its address is in Location.")
            raise Problem(MERGED, text, headers={"Location": f"{ROOT}{address.rstrip('/')}{rest}"}) from None

    return shown
