"""Writes that hold only for what their program has read: `ETag` of a record, `If-Match` of a write."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from piste.api.columns import Record
from piste.api.listing import one, reader, tag_of
from piste.api.problems import CHANGED, Problem
from piste.api.resources import Resource

HEADER = "If-Match"
_TAG = re.compile(r'(?:W/)?"[^"]*"')


def if_unchanged(
    resource: Resource, verb: str, request: HttpRequest, pk: int, write: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer of the write, done while the record is held, if it still is as `If-Match` says.

    Raises `Problem` when somebody has changed it since; without the header nothing is asked.
    """
    wanted = request.headers.get(HEADER)
    if wanted is None:
        return write()
    with transaction.atomic():
        rows = resource.screen.rows(reader(request), verb).select_for_update(of=("self",))
        get_object_or_404(rows, pk=pk)
        _check(wanted, one(resource, reader(request), pk))
        return write()


def _check(wanted: str, record: Record | None) -> None:
    if wanted.strip() == "*" or (record is not None and tag_of(record) in _TAG.findall(wanted)):
        return
    text = _("Somebody has changed this since you read it. Read it again, then decide.")
    raise Problem(CHANGED, text, headers={"ETag": tag_of(record)} if record is not None else {})
