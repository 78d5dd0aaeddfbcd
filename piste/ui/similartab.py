"""What the page of a record tells of similar ones: a banner, and a tab where they are judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from piste.ui.pages import Panel
from piste.ui.screen import screen_for
from piste.ui.similar import Found, Likeness, found_for, narrowed

if TYPE_CHECKING:
    from piste.accounts.models import User


@dataclass(frozen=True, slots=True)
class Judged:
    """A similar record and what may be done about it: where both become one, and whether they may be told apart."""

    likeness: Likeness
    merge_url: str = ""
    may_differ: bool = False


def banner(record: Any, user: User) -> Found:
    """The records that are most likely the same; nothing for somebody who may not change this one."""
    screen = screen_for(type(record))
    if screen is None or screen.similar is None or record.pk not in _changeable(record, [], user):
        return Found([])
    return narrowed([one for one in screen.similar.find(record) if one.is_strong], user)


def similar_tab(record: Any, user: User) -> dict[str, Any]:
    """All similar records within reach, with what may be done about each."""
    screen = screen_for(type(record))
    assert screen is not None and screen.similar is not None
    found = found_for(screen.similar, record, user)
    within = _changeable(record, found.shown, user)
    if record.pk not in within:
        return {"rows": [Judged(one) for one in found.shown], "hidden": False, "different": ""}
    different = screen.similar.different
    rows = []
    for one in found.shown:
        alike = _table(one.record) is _table(record) and one.record.pk in within
        at = f"{screen.url}merge/?ids={record.pk},{one.record.pk}" if alike and screen.merge else ""
        rows.append(Judged(one, at, may_differ=alike and bool(different)))
    return {"rows": rows, "hidden": found.hidden, "different": different}


PANEL = Panel("similar", gettext_lazy("Similar"), "ui/page/similar.html", similar_tab)


def _changeable(record: Any, others: Sequence[Likeness], user: User) -> set[int]:
    """Which of the record and those of its table the user may change."""
    wanted: dict[Any, set[int]] = {type(record): {record.pk}}
    for one in others:
        if _table(one.record) is _table(record):
            wanted.setdefault(one.model, set()).add(one.record.pk)
    found: set[int] = set()
    for model, keys in wanted.items():
        screen = screen_for(model)
        if screen is not None and screen.may(user, "change"):
            found.update(screen.rows(user, "change").filter(pk__in=keys).values_list("pk", flat=True))
    return found


def _table(record: Any) -> Any:
    return record._meta.concrete_model
