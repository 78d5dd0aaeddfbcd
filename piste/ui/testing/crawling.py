"""Following every link that one can reach."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urlsplit

from piste.ui.testing.visiting import Answer, Visitor

_AWAY = ("/accounts/logout/",)
_SAME = ("view", "g", "seg", "lane", "tab", "format")


def crawl(visitor: Visitor, starts: Iterable[str], *, limit: int = 280) -> Iterator[Answer]:
    """Every answer within reach. Of addresses that differ in no more than filter or sort, one is followed."""
    waiting, seen = deque(starts), set[tuple[object, ...]]()
    while waiting and len(seen) < limit:
        address = waiting.popleft()
        if address.startswith(_AWAY) or _shape(address) in seen:
            continue
        seen.add(_shape(address))
        answer = visitor.get(address)
        yield answer
        if "Location" in answer.headers:
            waiting.append(answer.headers["Location"])
        if "html" in answer.headers.get("Content-Type", ""):
            waiting.extend(sorted(answer.html.links(address)))


def _shape(address: str) -> tuple[object, ...]:
    """What makes an address worth a visit of its own."""
    url = urlsplit(address)
    asked = parse_qsl(url.query, keep_blank_values=True)
    same = ("format",) if url.path.endswith("/export/") else _SAME
    kept = tuple(sorted((name, value) for name, value in asked if name in same))
    return url.path, kept, frozenset(name for name, _value in asked)
