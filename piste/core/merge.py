"""Records become one: what is linked to the others moves to the survivor, and their addresses lead there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models
from django.utils.translation import gettext as _

from piste.core.links import links_of
from piste.core.models import Merged
from piste.core.transitions import Refused

M = TypeVar("M", bound=models.Model)
#: Moves what is linked in a way that no foreign key tells of.
Mover = Callable[[Sequence[Any], Any, datetime], None]

#: How many records become one at once.
MOST = 100

_movers: dict[type[models.Model], list[Mover]] = {}


def when_merged(model: type[models.Model]) -> Callable[[Mover], Mover]:
    """Register what else moves when records of the model become one: links that only a package knows of."""

    def register(mover: Mover) -> Mover:
        _movers.setdefault(_table(model), []).append(mover)
        return mover

    return register


def repoint(others: Sequence[models.Model], survivor: models.Model, *, at: datetime) -> None:
    """Let everything that points at the others point at the survivor: foreign keys, rows of many-to-many
    relations and generic links, of any table, found by themselves. One or two statements for each link.

    What the survivor has already, and may have only once, is put together with its double.
    """
    for link in links_of(_table(survivor)):
        for kept, doubles in link.doubles(others, survivor).items():
            rows = link.model._base_manager.in_bulk([kept, *doubles])
            surplus = [rows[key] for key in doubles if key in rows]
            repoint(surplus, rows[kept], at=at)
            remove(surplus)
        link.move(others, survivor, at=at)
    for mover in _movers.get(_table(survivor), ()):
        mover(others, survivor, at)


def absorb(others: Sequence[models.Model], survivor: models.Model, *, at: datetime) -> None:
    """Move everything, leave word where the others have gone, and delete them. Their history stays."""
    repoint(others, survivor, at=at)
    kind = _kind(survivor)
    Merged.objects.bulk_create(
        [Merged(kind=kind, old=other.pk, survivor=survivor.pk) for other in others],
        update_conflicts=True,
        unique_fields=["kind", "old"],
        update_fields=["survivor"],
    )
    remove(others)


def remove(rows: Sequence[models.Model]) -> None:
    """Delete rows and nothing else: the database refuses if anything still hangs on them."""
    if rows:
        # Past Django's collector, which would take along what hangs on them instead of refusing.
        found = _table(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows])
        found._raw_delete(found.db)
        connection.check_constraints()


def locked(keys: Iterable[Any], target: M) -> list[M]:
    """The target and the rows with these keys, read afresh and kept from others until the transaction ends.

    In the order of their keys, so that of two merges that meet the second waits and then finds out. Raises
    `Refused` for too few, too many, and when one has gone meanwhile.
    """
    keys = {target.pk, *keys}
    _check_number(len(keys))
    manager: Any = _table(target)._base_manager
    found: list[M] = list(manager.select_for_update().filter(pk__in=keys).order_by("pk"))
    if len(found) < len(keys):
        raise Refused(_("One of these records has just been merged or deleted. Choose again."))
    return found


def _check_number(count: int) -> None:
    if count < 2:
        raise Refused(_("Choose at least two records to merge."))
    if count > MOST:
        raise Refused(_("At most %(limit)s records can be merged at once.") % {"limit": MOST})


_WAY = """
WITH RECURSIVE way(pk) AS (
    SELECT survivor FROM core_merged WHERE kind = %(kind)s AND old = %(pk)s
    UNION SELECT survivor FROM way JOIN core_merged ON kind = %(kind)s AND old = way.pk
)
SELECT pk FROM way WHERE NOT EXISTS (SELECT FROM core_merged WHERE kind = %(kind)s AND old = way.pk)
"""


def survivor_of(model: type[models.Model], pk: int) -> int | None:
    """The key of the record that this one was merged into, however many times since; None if it was not."""
    if not -(2**63) <= pk < 2**63:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_WAY, {"kind": _kind(model), "pk": pk})
        found = cursor.fetchone()
    return found[0] if found else None


def _table(model: Any) -> Any:
    return model._meta.concrete_model


def _kind(model: Any) -> str:
    return str(_table(model)._meta.label_lower)
