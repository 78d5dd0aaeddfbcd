"""Making one record of several, for pages and the API alike: gate, rules, operation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piste.core.combining import Rules
from piste.core.merge import MOST, survivor_of
from piste.core.transitions import Refused
from piste.ui.acting import Actor, Outcome, doing
from piste.ui.modes.base import joined
from piste.ui.screen import Screen, screens

if TYPE_CHECKING:
    from piste.accounts.models import User

#: More records than this are merged only once somebody has said so.
FEW = 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """The records that are to become one, as the user may reach them: the best survivor first."""

    records: list[Any]
    #: The screen on which each is shown, by key.
    homes: dict[int, Screen]
    #: Whether some of those that were asked for are not there, or not for this user.
    lacks: bool

    def named(self, key: Any) -> Any:
        """The record with the key, if it is one of these."""
        return next((row for row in self.records if str(row.pk) == str(key)), None)


def rules_of(screen: Screen) -> Rules:
    """How records of the screen are merged. Raises `Http404` where they are not."""
    if screen.merge is None:
        raise Http404
    return screen.merge


def chosen(screen: Screen, user: User, keys: Collection[int], *, shown: bool = False) -> Chosen:
    """Those of the records that the user may change, on this screen or on another of the same table; with all
    that is `shown` of them, or only with what decides which is the best.

    Raises `PermissionDenied` without the right to change any, `Refused` for more than can be merged.
    """
    rules, table = rules_of(screen), _table(screen.model)
    if not screen.may(user, "change"):
        raise PermissionDenied
    if len(set(keys)) > MOST:
        raise Refused(_("At most %(limit)s records can be merged at once.") % {"limit": MOST})
    homes: dict[int, Screen] = {}
    for home in _screens_of(table, screen):
        if home.may(user, "change"):
            within = home.rows(user, "change").filter(pk__in=keys).order_by()
            homes |= dict.fromkeys(within.values_list("pk", flat=True), home)
    names = [name for part in rules.parts for name in part.fields]
    paths = names if shown else [name for name in names if table._meta.get_field(name).many_to_many]
    rows = joined(table._base_manager.filter(pk__in=homes), [*paths, *rules.joins])
    records = rules.ordered(rows)
    return Chosen(records, homes, lacks=len(records) < len(set(keys)))


def merge(screen: Screen, found: Chosen, survivor: Any, values: Mapping[str, Any], actor: Actor) -> Outcome:
    """Merge the records into one of them. Raises `Refused`."""
    if found.lacks:
        raise Refused(_("One of these records has just been merged or deleted. Choose again."))
    records = found.records
    table = _table(screen.model)
    with doing(screen, "merge", actor, [survivor]) as op:
        rows = table._default_manager.filter(pk__in=[row.pk for row in records])
        result = rows.merge_into(survivor, values=values, by=actor.user, at=actor.at)
        gone = [{"pk": row.pk, "label": str(row)} for row in records if row.pk != survivor.pk]
        op.about |= {"label": str(result), "count": len(records), "merged": gone}
        op.save(update_fields=["about"])
    text = ngettext(
        "%(count)s record is now part of “%(record)s”.",
        "%(count)s records are now part of “%(record)s”.",
        len(gone),
    )
    return Outcome(op, [result], text % {"count": len(gone), "record": result})


def address_of(model: type[Model], pk: int, user: User) -> str:
    """Where the user finds a record of the table, on whichever screen shows it; empty if nowhere."""
    for screen in _screens_of(_table(model)):
        if screen.may(user, "view") and screen.rows(user).filter(pk=pk).exists():
            return f"{screen.url}{pk}/"
    return ""


def moved_to(screen: Screen, pk: int, user: User) -> str:
    """Where a record is now that was merged into another; empty if it was not, or into one out of reach."""
    if screen.merge is None:
        return ""
    survivor = survivor_of(screen.model, pk)
    return address_of(screen.model, survivor, user) if survivor is not None else ""


def keys_of(texts: Sequence[str]) -> list[int]:
    """Keys as an address names them: each for itself, or several with commas between."""
    parts = [part.strip() for text in texts for part in text.split(",")]
    return list(dict.fromkeys(int(part[:18]) for part in parts if part.isascii() and part.isdecimal()))


def _table(model: type[Model]) -> Any:
    return model._meta.concrete_model


def _screens_of(table: Any, first: Screen | None = None) -> Iterator[Screen]:
    """The screens that show rows of the table; the named one goes first."""
    if first is not None:
        yield first
    yield from (screen for screen in screens() if screen is not first and _table(screen.model) is table)
