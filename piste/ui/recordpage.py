"""What the page of one record is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from piste.core.changes import changes_of
from piste.ui.context import action_links, screen_names
from piste.ui.historyview import change_entries
from piste.ui.neighbours import neighbours
from piste.ui.pages import Fact, FactGroup, figures_for, panels_for
from piste.ui.paths import Path, resolve
from piste.ui.screen import Screen, screen_for
from piste.ui.similartab import PANEL as SIMILAR

if TYPE_CHECKING:
    from piste.accounts.models import User


def page_context(screen: Screen, record: Any, request: HttpRequest, currency: str) -> dict[str, Any]:
    """Everything `ui/page.html` shows."""
    user = cast("User", request.user)
    head = screen.page.head(record, user, currency)
    may_change = screen.may(user, "change") and not head.locked
    tabs, panels, changes = _tabs(screen, record, request, user, currency)
    beside = neighbours(screen, record, request)
    return {
        "screen": screen_names(screen),
        "record": record,
        "title": str(record),
        "crumbs": [(str(screen.title) or screen.label_plural, screen.url)],
        "ribbon": head.ribbon,
        "seen_url": head.seen_url,
        "path": head.path,
        "figures": [*head.figures, *figures_for(record, user, currency)],
        "actions": action_links(screen, user, record),
        "fact_groups": [
            _group(screen, record, str(title), names, may_change=may_change, currency=currency)
            for title, names in screen.page.groups
        ],
        "tabs": tabs,
        "similar_url": _banner_url(screen, record, request),
        "panels": panels,
        "changes": changes,
        "previous_url": beside.previous_url,
        "next_url": beside.next_url,
        "position": beside.position,
        "may_change": screen.may(user, "change"),
        "may_delete": screen.may(user, "delete") and screen.deletable,
    }


def _judges(screen: Screen, user: User) -> bool:
    """Whether somebody is told of similar records: who may only look could do nothing about them."""
    return screen.similar is not None and screen.may(user, "change")


def _banner_url(screen: Screen, record: Any, request: HttpRequest) -> str:
    """Where the page asks for the banner of similar records, once it is shown; empty where there is none."""
    there = request.GET.get("tab", "") == SIMILAR.key or not _judges(screen, cast("User", request.user))
    return "" if there else f"{screen.url}{record.pk}/similar/"


def _tabs(
    screen: Screen, record: Any, request: HttpRequest, user: User, currency: str
) -> tuple[list[Any], list[Any], list[Any]]:
    panels = panels_for(record, user) + ([SIMILAR] if _judges(screen, user) else [])
    here = record.get_absolute_url()
    wanted = request.GET.get("tab", "")
    current = next((panel for panel in panels if panel.key == wanted), None)
    tabs = [
        {
            "key": panel.key,
            "label": str(panel.label),
            "count": panel.count(record, user) if panel.count else 0,
            "url": f"{here}?tab={panel.key}",
            "current": panel is current,
        }
        for panel in panels
    ]
    tabs = [{"key": "", "label": _("History"), "count": 0, "url": here, "current": current is None}, *tabs]
    if current is None:
        return tabs, [], change_entries(changes_of(record), user, currency)
    return tabs, [(current.template, current.content(record, user))], []


def _group(
    screen: Screen, record: Any, title: str, names: tuple[str, ...], *, may_change: bool, currency: str
) -> FactGroup:
    fields = screen.form.base_fields
    facts = [
        _fact(record, resolve(screen.model, name), currency, editable=may_change and name in fields)
        for name in names
    ]
    return FactGroup(title, facts)


def _fact(record: Any, path: Path, currency: str, *, editable: bool) -> Fact:
    text = path.text(record, currency)
    return Fact(path.name, path.label, text, _marked(record, path, text), editable, path.kind)


def _marked(record: Any, path: Path, text: str) -> Markup | str:
    """Values that are more than text: tags, links to records, stars."""
    if path.kind == "tags":
        tags = path.value(record).all()
        tag = Markup('<span class="tag tone-{}">{}</span>')
        return Markup("").join(tag.format(getattr(row, "colour", "grey") or "grey", str(row)) for row in tags)
    if path.kind == "relation" and (related := path.value(record)) is not None and _opens(related):
        return Markup('<a href="{}">{}</a>').format(related.get_absolute_url(), text)
    if path.name in ("email", "website", "phone", "mobile") and text:
        return _contact_link(path.name, text)
    if path.name.endswith(("notes", "description", "_note", "address")) and text:
        return Markup("<br>").join(escape(line) for line in text.splitlines())
    return ""


def _opens(related: Any) -> bool:
    return related._meta.model_name == "contact" and screen_for(type(related)) is not None


def _contact_link(name: str, text: str) -> Markup:
    if name == "website":
        shown = text.removeprefix("https://").removeprefix("http://")
        if not text.startswith(("https://", "http://")):
            return escape(text)
        return Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(text, shown)
    scheme = "mailto" if name == "email" else "tel"
    target = text if name == "email" else "".join(c for c in text if c.isdigit() or c == "+")
    return Markup('<a href="{}:{}">{}</a>').format(scheme, target, text)


def cell_shown(screen: Screen, record: Any, name: str, request: HttpRequest) -> dict[str, Any]:
    """A value after it was edited in place."""
    path = resolve(screen.model, name)
    tags = (
        [(str(t), getattr(t, "colour", "")) for t in path.value(record).all()] if path.kind == "tags" else []
    )
    text = "" if tags else path.text(record, str(getattr(request, "currency", "EUR")))
    return {"label": path.label, "text": text, "tags": tags, "title": path.label}


def fact_text(screen: Screen, name: str) -> str:
    return resolve(screen.model, name).label
