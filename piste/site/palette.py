"""The command palette: go, create, act on what is open, find a record; its first character may narrow it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from piste.core.text import fold
from piste.site.frame import navigation
from piste.ui.answers import render
from piste.ui.conditions import SEPARATOR
from piste.ui.context import action_links
from piste.ui.screen import Screen, screen_named, screens
from piste.ui.state import ViewState

if TYPE_CHECKING:
    from piste.accounts.models import User

FOUND = 6
#: Commands, people, tags, help.
PREFIXES = (">", "@", "#", "?")
_RECORD = re.compile(r"^/([a-z-]+)/(\d{1,18})/")


@dataclass(frozen=True, slots=True)
class Option:
    """One line of the palette; `how` is go, dialog or post."""

    label: str
    url: str
    icon: str
    note: str = ""
    keys: str = ""
    how: str = "go"
    id: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    options: list[Option]


class Palette(View):
    """What fits the typed text, section by section: the open record first. A prefix asks for one kind alone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = cast("User", request.user)
        typed = request.GET.get("q", "").replace("\x00", "").strip()[:100]
        prefix, sought = (typed[0], typed[1:].strip()) if typed.startswith(PREFIXES) else ("", typed)
        sections = self._sections(user, prefix, sought, request.GET.get("on", ""))
        return render(request, "site/palette.html", {"sections": [s for s in sections if s.options]})

    def _sections(self, user: User, prefix: str, sought: str, on: str) -> list[Section]:
        if prefix == "@":
            return self._people(user, sought)
        if prefix == "#":
            return self._tags(user, sought)
        if prefix == "?":
            return self._help(sought)
        sections = [*self._on_record(user, sought, on), *self._commands(user, sought)]
        return sections + self._records(user, sought) if not prefix and len(sought) > 1 else sections

    def _on_record(self, user: User, typed: str, on: str) -> list[Section]:
        found = _RECORD.match(on)
        screen = screen_named(found[1]) if found else None
        if found is None or screen is None or not screen.may(user, "view"):
            return []
        record: Any = screen.rows(user).filter(pk=int(found[2])).first()
        if record is None:
            return []
        options = [
            Option(
                link.label,
                link.url,
                link.icon or "check",
                keys=link.key,
                how="dialog" if link.asks else "post",
            )
            for link in action_links(screen, user, record)
            if fits(typed, link.label)
        ]
        return [Section(_("On “%(record)s”") % {"record": record}, options)]

    def _commands(self, user: User, typed: str) -> list[Section]:
        go = [
            Option(item.label, item.url, item.icon, keys=item.keys)
            for item in navigation(user, "")
            if fits(typed, item.label)
        ]
        pages = ((_("Settings"), "/settings/", "settings", "g s"), (_("Profile"), "/profile/", "user", ""))
        go += [Option(*page[:3], keys=page[3]) for page in pages if fits(typed, page[0])]
        create = [
            Option(
                _("New: %(thing)s") % {"thing": screen.label.lower()},
                f"{screen.url}new/",
                "plus",
                keys=screen.create_keys,
            )
            for screen in screens()
            if screen.create_keys and screen.may(user, "add")
        ]
        create = [option for option in create if fits(typed, option.label)]
        return [Section(_("Go to"), go), Section(_("Create"), create)]

    def _records(self, user: User, typed: str) -> list[Section]:
        return [
            Section(screen.label_plural, self._found(screen, user, typed))
            for screen in screens()
            if screen.keys and screen.is_offered(user)
        ]

    def _people(self, user: User, sought: str) -> list[Section]:
        """Colleagues who may sign in, and the people among the customers."""
        kinds = (
            ("users", _("People"), {"is_active": True}),
            ("customers", _("Customers"), {"kind": "person"}),
        )
        return [
            Section(title, self._found(screen, user, sought, **only))
            for slug, title, only in kinds
            if (screen := screen_named(slug)) is not None and screen.may(user, "view")
        ]

    @staticmethod
    def _tags(user: User, sought: str) -> list[Section]:
        """Each tag with the screens whose records may bear it, narrowed to those that do."""
        tags = screen_named("tags")
        if tags is None or not tags.may(user, "view"):
            return []
        rows = tags.search.apply(tags.rows(user), ViewState(text=sought, filters=("kept",)), user)
        offered = (screen_named(item.key) for item in navigation(user, ""))
        bearing = [screen for screen in offered if screen and "tags" in screen.search.builder]
        options = [
            Option(str(row), screen.url + f"?{query}", "tag", note=str(screen.title) or screen.label_plural)
            for row in rows[:FOUND]
            for screen in bearing
            if (query := ViewState(filters=(), wheres=(f"tags{SEPARATOR}is{SEPARATOR}{row.pk}",)).query())
        ]
        return [Section(_("Tags"), options)]

    @staticmethod
    def _help(sought: str) -> list[Section]:
        """What can be read; the keys of the page are added by the page, which alone knows them."""
        pages = ((_("How the API works"), "/api/v1/docs", "link"),)
        history = Option(_("My history"), reverse("ui:history"), "history", how="dialog")
        options = [Option(*page) for page in pages] + [history]
        return [Section(_("Help"), [option for option in options if fits(sought, option.label)])]

    @staticmethod
    def _found(screen: Screen, user: User, typed: str, **only: Any) -> list[Option]:
        rows = screen.search.apply(screen.rows(user), ViewState(text=typed, filters=()), user).filter(**only)
        if any(field.name == "contact" for field in screen.model._meta.fields):
            rows = rows.select_related("contact__parent")
        return [
            Option(
                str(row),
                row.get_absolute_url(),
                screen.icon,
                note=getattr(row, "who", "") or "",
                id=str(row.pk),
            )
            for row in rows[:FOUND]
        ]


def fits(typed: str, label: str) -> bool:
    """Whether every typed word begins or stands in the label, whatever case and accents."""
    folded = fold(label)
    return all(word in folded for word in fold(typed).split())
