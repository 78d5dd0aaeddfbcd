"""Somebody with a browser, and every address there is to visit on a screen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.test import Client
from django.urls import URLResolver, get_resolver

from piste.ui.modes import Board, List
from piste.ui.screen import Screen
from piste.ui.testing.reading import Html

_OPEN = re.compile(r"<(?:(\w+):)?\w+>|\(\?P<\w+>[^)]*\)")
_TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `told` is what the page's script is told."""

    url: str
    status: int
    text: str
    headers: dict[str, str]

    @property
    def html(self) -> Html:
        return Html(self.text)

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.headers.get("HX-Trigger", "{}"))
        return found

    @property
    def toast(self) -> str:
        return str(self.told.get("toast", {}).get("text", ""))

    @property
    def undo(self) -> str:
        return str(self.told.get("toast", {}).get("undo", ""))

    @property
    def lasting(self) -> str:
        """The text without what differs from one answer to the next: tokens against forgery."""
        return _TOKEN.sub("…", self.text)


class Visitor:
    """A person signed in with a browser; `part` asks as the page's own script does."""

    def __init__(self, user: Any = None, **headers: str) -> None:
        self.user = user
        self.client = Client(headers=headers)
        if user is not None:
            self.client.force_login(user)

    def get(self, url: str, *, part: bool = False, **query: Any) -> Answer:
        return self._answer(url, self.client.get(url, query or None, headers=self._headers(part=part)))

    def post(self, url: str, values: dict[str, Any] | None = None, *, part: bool = True) -> Answer:
        return self._answer(url, self.client.post(url, values or {}, headers=self._headers(part=part)))

    @staticmethod
    def _headers(*, part: bool) -> dict[str, str]:
        return {"HX-Request": "true"} if part else {}

    @staticmethod
    def _answer(url: str, response: Any) -> Answer:
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return Answer(url, response.status_code, body.decode(errors="replace"), dict(response.headers))


def asked(url: str, **query: Any) -> str:
    return f"{url}?{urlencode(query, doseq=True)}"


def looks(screen: Screen) -> Iterator[str]:
    """Every way of looking at all rows: each mode under each grouping, and everything beside it."""
    yield screen.url
    for mode in screen.modes:
        yield asked(screen.url, view=mode.name, f="")
        for by in screen.search.group_by:
            yield asked(screen.url, view=mode.name, f="", g=by.key)
    if screen.mode_of(Board):
        yield from (asked(f"{screen.url}cards/", f="", lane=""), asked(f"{screen.url}heads/", f=""))
    if table := screen.mode_of(List):
        yield asked(
            screen.url, view="list", f="", cols=",".join(dict.fromkeys((*table.columns, *table.offered)))
        )
        yield asked(f"{screen.url}export/", format="csv", f="")
    yield f"{screen.url}filters/"
    yield f"/lookup/{screen.model._meta.label_lower}/"
    yield asked("/palette/", q="Row")


def dialogs(screen: Screen) -> Iterator[str]:
    """The forms for new rows and for several rows."""
    yield f"{screen.url}new/"
    yield from (f"{screen.url}do/{action.name}/" for action in screen.actions if action.bulk)


def views_of(screen: Screen, pk: int) -> Iterator[str]:
    """Every page and form of one record."""
    yield f"{screen.url}{pk}/"
    yield f"{screen.url}{pk}/edit/"
    yield from (f"{screen.url}{pk}/cell/{name}/" for name in screen.cells)
    yield from (f"{screen.url}{pk}/do/{action.name}/" for action in screen.actions)


def writes_to(screen: Screen, pk: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way of changing one record."""
    yield f"{screen.url}{pk}/edit/", {"name": "Taken"}
    for name in screen.cells:
        yield f"{screen.url}{pk}/cell/{name}/", {name: "1"}
    for by in screen.search.group_by:
        yield f"{screen.url}{pk}/move/", {"lane": "1", "g": by.key}
    yield f"{screen.url}{pk}/move/", {"lane": "1"}
    for action in screen.actions:
        yield f"{screen.url}{pk}/do/{action.name}/", {}
    yield f"{screen.url}{pk}/delete/", {}


def routes(pk: int = 1) -> dict[str, str]:
    """Every address of the program by its pattern, with something in every place that is open."""
    return dict(_routes(get_resolver().url_patterns, "/", pk))


def _routes(patterns: Any, before: str, pk: int) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        whole = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, whole, pk)
        else:
            yield whole, _OPEN.sub(lambda found: _place(found[1], pk), whole)


def _place(kind: str | None, pk: int) -> str:
    return {"int": str(pk), "uuid": str(UUID(int=0)), "uuidstr": str(UUID(int=0))}.get(kind or "", "x")
