"""Lists and single records: the search of the page, printed for programs."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from piste.api.columns import Record, records
from piste.api.problems import BAD_REQUEST, Problem, as_json
from piste.api.resources import Resource
from piste.ui.modes import List, Look
from piste.ui.paging import Order, after, cursor_of, ordered
from piste.ui.search import COUNT_LIMIT, count_up_to
from piste.ui.state import ViewState

if TYPE_CHECKING:
    from piste.accounts.models import User

PARAMETERS = ("q", "f", "w", "o", "limit", "after")
LIMIT, MOST = 50, 200
BY_ID = ("id", "-id")


def json_answer(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(as_json(body), status=status, content_type="application/json", headers=headers or {})


def reader(request: HttpRequest) -> User:
    """Who asks, once the door has let them in."""
    return cast("User", request.user)


def page_of(resource: Resource, request: HttpRequest) -> HttpResponse:
    """The rows that the address asks for, one page of them, and the cursor of the next."""
    state, limit = asked(request.GET), page_size(request.GET)
    user = reader(request)
    # The page does not sort by what it does not show; programs that keep a copy go by the id.
    look = resource.screen.look(user, replace(state, sort="") if state.sort in BY_ID else state, "")
    orders = orders_of(look, state.sort)
    rows = after(look.rows, orders, state.after) if state.after else look.rows
    found, places = records(
        ordered(rows, orders)[: limit + 1], resource.columns, user, [order.path for order in orders]
    )
    count = count_up_to(look.rows)
    more = count > COUNT_LIMIT
    body: Record = {"count": None if more else count, "more": more, "next": None, "results": found[:limit]}
    headers = {}
    if len(found) > limit:
        body["next"] = cursor_of(places[limit - 1])
        headers["Link"] = f'<{request.path}?{_following(request.GET, body["next"])}>; rel="next"'
    return json_answer(body, headers=headers)


def asked(query: QueryDict) -> ViewState:
    """The address as a search of the page; without `f` no filter holds. Raises `BadAddress`, `Problem`."""
    for name in query:
        if name not in PARAMETERS:
            text = _("“%(name)s” is not a parameter of a list. There are: %(known)s.")
            raise Problem(BAD_REQUEST, text % {"name": name[:60], "known": ", ".join(PARAMETERS)})
    state = ViewState.parse(query)
    return replace(state, filters=state.filters or ())


def page_size(query: QueryDict) -> int:
    text = query.get("limit") or str(LIMIT)
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST):
        text = _("The limit is a number from 1 to %(most)s.") % {"most": MOST}
        raise Problem(BAD_REQUEST, text)
    return int(text)


def orders_of(look: Look, sort: str) -> list[Order]:
    """The sort keys of the page, or the id alone."""
    if sort in BY_ID:
        return [Order.parse(sort)]
    table = look.screen.mode_of(List)
    return table.orders(look) if table else [Order("id", descending=True)]


def _following(query: QueryDict, cursor: str) -> str:
    following = query.copy()
    following["after"] = cursor
    return following.urlencode()


def read_one(resource: Resource, request: HttpRequest, pk: int) -> HttpResponse:
    record = one(resource, reader(request), pk)
    if record is None:
        raise Http404
    tag = tag_of(record)
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": tag})
    return json_answer(record, headers={"ETag": tag})


def tag_of(record: Record) -> str:
    """The same for as long as the record says the same to this reader, in whatever language."""
    said = {name: value for name, value in record.items() if name != "names"}
    return f'"{hashlib.sha256(as_json(said)).hexdigest()[:32]}"'


def one(resource: Resource, user: User, pk: int) -> Record | None:
    """The record as JSON, if it is within reach. Raises `PermissionDenied`."""
    found, _places = records(resource.screen.rows(user).filter(pk=pk), resource.columns, user)
    return found[0] if found else None
