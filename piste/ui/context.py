"""What the templates of a screen are given: links, chips, menus, actions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from piste.ui import formats
from piste.ui.acting import BULK_LIMIT
from piste.ui.conditions import BuilderField, builder_field
from piste.ui.forms import BesideField
from piste.ui.models import SavedSearch
from piste.ui.modes import Board, Look, Mode
from piste.ui.pages import Figure
from piste.ui.paths import resolve
from piste.ui.screen import Action, Screen
from piste.ui.search import COUNT_LIMIT, PERIODS

if TYPE_CHECKING:
    from piste.accounts.models import User

#: Actions beside a selection; more would not fit beside a folded navigation.
BULK_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    active: bool = False
    name: str = ""
    icon: str = ""

    @property
    def current(self) -> bool:
        return self.active


@dataclass(frozen=True, slots=True)
class FilterGroup:
    label: str
    items: list[Link]


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    value: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class SavedLink:
    """A saved search; `default` is the one the screen opens with."""

    label: str
    url: str
    current: bool
    pk: int
    mine: bool
    shared: bool
    default: bool


@dataclass(frozen=True, slots=True)
class ActionLink:
    name: str
    label: str
    icon: str
    key: str
    tone: str
    url: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is nothing, and what to do about it."""

    title: str
    text: str
    actions: list[Link]


def screen_names(screen: Screen) -> dict[str, str]:
    """The screen's names in the reader's language."""
    return {
        "label": screen.label,
        "label_plural": screen.label_plural,
        "title": str(screen.title) or screen.label_plural,
        "new_label": _("New: %(thing)s") % {"thing": screen.label.lower()},
        "url": screen.url,
        "slug": screen.slug,
        "new_keys": screen.create_keys or "c n",
    }


def mode_links(look: Look, current: Mode) -> list[Link]:
    return [
        Link(str(mode.label), look.address(mode=mode.name), mode is current, mode.name, mode.icon)
        for mode in look.screen.modes
    ]


def chips(look: Look) -> list[Chip]:
    """What is in force: ready-made filters, own conditions, the grouping and the lane's segment."""
    search, state = look.screen.search, look.state
    chosen = search.chosen(state)
    found = []
    for name in chosen:
        item = search.filter_named(look.model, name)
        left = tuple(n for n in chosen if n != name)
        path = resolve(look.model, item.group).label if item.group in search.periods else ""
        url = look.address(filters=left)
        found.append(Chip(path, str(item.label), url) if path else Chip(str(item.label), "", url))
    for text, where in zip(state.wheres, search.wheres(look.model, state), strict=True):
        url = look.address(wheres=tuple(w for w in state.wheres if w != text))
        found.append(Chip(where.path.label, where.text(look.user, look.currency), url))
    if state.text:
        found.append(Chip(_("Text"), state.text, look.address(text="")))
    for group in look.groups:
        url = look.address(groups=tuple(g for g in state.groups if g != group.key))
        found.append(Chip(_("By"), group.label(look.model), url))
    return found


def tabs(look: Look) -> list[Link]:
    """The looks that the screen names, each with its filters and nothing else that narrows."""
    chosen, state = set(look.screen.search.chosen(look.state)), look.state
    is_plain = not (state.text or state.wheres)
    return [
        Link(
            str(tab.label),
            look.address(filters=tab.filters, text="", wheres=()),
            is_plain and chosen == set(tab.filters),
        )
        for tab in look.screen.tabs
    ]


def filter_groups(look: Look) -> list[FilterGroup]:
    search, state = look.screen.search, look.state
    chosen = search.chosen(state)
    links = [
        Link(str(item.label), look.address(filters=state.toggled(item.name, chosen)), item.name in chosen)
        for item in search.filters
    ]
    groups = [FilterGroup(_("Filters"), links)] if links else []
    for path in search.periods:
        names = [f"{path}:{period}" for period in PERIODS]
        items = [
            Link(
                str(PERIODS[name.rpartition(":")[2]][0]),
                look.address(filters=state.toggled(name, chosen)),
                name in chosen,
            )
            for name in names
        ]
        groups.append(FilterGroup(resolve(look.model, path).label, items))
    return groups


def groupings(look: Look) -> list[Link]:
    state = look.state
    return [
        Link(
            group.label(look.model),
            look.address(groups=() if group.key in state.groups else (group.key,), lane=None),
            group.key in state.groups,
        )
        for group in look.screen.search.group_by
    ]


def totals(look: Look, mode: Mode) -> list[Link]:
    """Which sum the heads of the lanes show first."""
    if not isinstance(mode, Board) or not mode.totals:
        return []
    chosen = look.state.total or mode.totals[0].path
    return [
        Link(total.label(look.model), look.address(total=total.path), total.path == chosen)
        for total in mode.totals
    ]


def builder(look: Look) -> list[BuilderField]:
    return [builder_field(look.model, name, look.user) for name in look.screen.search.builder]


def searches_of(screen: Screen, user: User) -> list[SavedSearch]:
    """One's own and those shared by others."""
    mine = Q(owner=user) | Q(shared=True)
    return list(SavedSearch.objects.filter(mine, screen=screen.slug))


def saved_searches(screen: Screen, user: User, query: str, rows: list[SavedSearch]) -> list[SavedLink]:
    return [
        SavedLink(
            label=row.name,
            url=screen.address(row.query),
            current=screen.address(row.query) == screen.address(query),
            pk=row.pk,
            mine=row.owner_id == user.pk,
            shared=row.shared,
            default=row.is_default and row.owner_id == user.pk,
        )
        for row in rows
    ]


def action_links(screen: Screen, user: User, record: Any = None) -> list[ActionLink]:
    """The buttons on a record, or without one those for a selection."""
    links = []
    for action in screen.actions:
        fits = action.bulk if record is None else action.offered_for(record)
        if fits and screen.may(user, action.verb):
            base = f"{screen.url}do/" if record is None else f"{screen.url}{record.pk}/do/"
            links.append(action_link(action, base))
    if screen.merge is not None and screen.may(user, "change"):
        links.append(merge_link(screen, record))
    return links


def bulk_links(screen: Screen, user: User) -> list[ActionLink]:
    """The buttons for a selection: those with a key and merging first, for the others wait behind a button."""
    return sorted(action_links(screen, user), key=lambda link: not (link.key or link.name == "merge"))


def merge_link(screen: Screen, record: Any) -> ActionLink:
    """Making one record of several: of the ticked ones, or of this and others to be chosen."""
    at = f"{screen.url}merge/" if record is None else f"{screen.url}merge/?ids={record.pk}"
    label = _("Merge") if record is None else _("Merge with…")
    return ActionLink(name="merge", label=label, icon="git-merge", key="", tone="", url=at, asks=True)


def action_link(action: Action, base: str) -> ActionLink:
    return ActionLink(
        name=action.name,
        label=str(action.label),
        icon=action.icon,
        key=action.key,
        tone=action.tone,
        url=f"{base}{action.name}/",
        asks=action.form is not None,
    )


def summary(look: Look, result: Any) -> list[Figure]:
    """The figures above the rows; the mode's own query has added them up already."""
    spec = look.screen.summary
    return spec.figures(look, result.extra) if spec is not None and result.extra else []


def counted(result: Any) -> str:
    """How many rows the address finds; "10 000+" where a search was not counted to the end."""
    if result.count == COUNT_LIMIT + 1:
        return f"{formats.number(COUNT_LIMIT)}+"
    return formats.number(result.count)


def counted_noun(screen: Screen, result: Any) -> str:
    """What is counted, as it stands after the number."""
    return formats.counted(result.count, screen.label.lower(), screen.label_plural.lower())


def empty(look: Look, mode: Mode, count: str) -> Empty | None:
    """What to say when nothing is shown: nothing there yet, or nothing that passes the filters."""
    if count != "0" or look.state.after:
        return None
    screen, search = look.screen, look.screen.search
    chosen = search.chosen(look.state)
    narrowed = bool(look.state.text or look.state.wheres or chosen)
    if narrowed and look.state != replace(look.state, text="", wheres=(), filters=None):
        actions = [Link(_("Remove the filters"), look.address(text="", wheres=(), filters=()))]
        text = _("No record matches these filters.")
        return Empty(_("No match"), text, actions)
    actions = []
    if screen.may(look.user, "add"):
        actions = [
            Link(_("Create"), f"{screen.url}new/"),
            Link(_("Import a file"), f"/import/?into={screen.slug}"),
        ]
    title = _("No %(things)s yet") % {"things": screen.label_plural.lower()}
    return Empty(title, _("Add the first one, or import a file."), actions)


def rows_context(look: Look, mode: Mode, result: Any, searches: list[SavedSearch]) -> dict[str, Any]:
    """Everything `ui/rows.html` shows."""
    screen, user = look.screen, look.user
    query = look.state.query()
    count = counted(result)
    return {
        "screen": screen_names(screen),
        "modes": mode_links(look, mode),
        "mode": {"name": mode.name, "template": mode.template},
        "state": look.state,
        "chips": chips(look),
        "searches": saved_searches(screen, user, query, searches),
        "usual_url": screen.address(),
        "totals": totals(look, mode),
        "count": count,
        "noun": counted_noun(screen, result),
        "summary": summary(look, result),
        "bulk_actions": bulk_links(screen, user),
        "bulk_shown": BULK_SHOWN,
        "bulk_limit": BULK_LIMIT,
        "result": result,
        "can_create": screen.may(user, "add"),
        "export_urls": [
            (_("Export as Excel"), f"{screen.url}export/?{query}&format=xlsx"),
            (_("Export as CSV"), f"{screen.url}export/?{query}&format=csv"),
        ],
        "empty": empty(look, mode, count),
        "tabs": tabs(look),
        "notice": screen.option.notice(user) if screen.option else None,
        "query": query,
        "q": look.state.text,
        "can_filter": bool(screen.search.filters or screen.search.builder),
    }


def form_groups(screen: Screen, form: Any) -> list[tuple[str, list[Any]]]:
    """The form's fields in the groups of the record's page; what stands in none comes first."""
    grouped = [(str(title), [n for n in names if n in form.fields]) for title, names in screen.page.groups]
    placed = {name for _title, names in grouped for name in names}
    beside = {name for name, field in form.fields.items() if isinstance(field, BesideField)}
    first = [name for name in form.fields if name not in placed | beside]
    groups = [("", first), *grouped] if first else grouped
    return [(title, [form[name] for name in names]) for title, names in groups if names]


@dataclass(frozen=True, slots=True)
class Watch:
    """Where similar records are asked for, and what one types that makes it worth asking."""

    url: str
    trigger: str


def _asking(bound: Any) -> str:
    """The event that makes a field worth asking for: choosing in a lookup, typing elsewhere."""
    if bound.widget_type == "lookupselect":
        # The id is on the field one types in by then, and what one types there is not chosen yet.
        return f"change from:'select[name={bound.html_name}]'"
    return f"input delay:400ms from:#{bound.id_for_label}"


def similar_watch(screen: Screen, form: Any) -> Watch | None:
    """What a form needs to tell of similar records; None where nobody looks for any."""
    if screen.similar is None:
        return None
    watched = [form[name] for name in screen.similar.watched if name in form.fields]
    trigger = ", ".join(map(_asking, watched))
    if not form.instance.pk and any(form.initial.get(bound.name) for bound in watched):
        trigger += ", load"
    at = f"{screen.url}{form.instance.pk}/" if form.instance.pk else screen.url
    return Watch(f"{at}similar/", trigger)
