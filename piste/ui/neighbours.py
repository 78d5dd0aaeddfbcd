"""The records before and after one in the list that the reader came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from piste.ui import formats
from piste.ui.paging import after, before, cursor, ordered
from piste.ui.screen import Screen
from piste.ui.search import count_up_to
from piste.ui.state import BadAddress, ViewState

if TYPE_CHECKING:
    from piste.accounts.models import User

#: Who stands further back is not counted.
FAR = 999


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Addresses of the previous and the next record, and the place in the list: 3 / 9."""

    previous_url: str = ""
    next_url: str = ""
    position: str = ""


def neighbours(screen: Screen, record: Any, request: HttpRequest) -> Neighbours:
    """Who stands beside the record in the list of the address `?from=`, or in the one it was opened from."""
    if "from" in request.GET:
        return _beside(screen, record, cast("User", request.user), request.GET["from"])
    came = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if came.path != screen.url:
        return Neighbours()
    try:
        return _beside(screen, record, cast("User", request.user), came.query)
    except BadAddress:
        return Neighbours()


def _beside(screen: Screen, record: Any, user: User, query: str) -> Neighbours:
    state = ViewState.parse(QueryDict(query))
    line = screen.mode(state).line(screen.look(user, state, ""), record)
    if line is None:
        return Neighbours()
    rows, orders = line
    place = cursor(record, orders)
    ahead = before(rows, orders, place).exclude(pk=record.pk)
    backwards = [order.expression(rows.model) for order in orders]
    for expression in backwards:
        expression.reverse_ordering()
    tail = f"/?from={quote(state.query(lane=state.lane))}"
    return Neighbours(
        _address(screen, ahead.order_by(*backwards), tail),
        _address(screen, ordered(after(rows, orders, place), orders), tail),
        _position(ahead, rows),
    )


def _address(screen: Screen, rows: QuerySet[Any], tail: str) -> str:
    key = rows.values_list("pk", flat=True).first()
    return "" if key is None else f"{screen.url}{key}{tail}"


def _position(ahead: QuerySet[Any], rows: QuerySet[Any]) -> str:
    place, total = count_up_to(ahead, FAR) + 1, count_up_to(rows, FAR)
    if place > FAR:
        return ""
    return f"{formats.number(place)} / {formats.number(min(total, FAR))}{'+' if total > FAR else ''}"
