"""What somebody has told apart stays apart when one of the two becomes part of a third."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from piste.contacts.models import DifferentPair


def keep_apart(kind: str, others: Sequence[Any], survivor: Any) -> None:
    """Tell the survivor apart from all that the others were told apart from.

    The old pairs stay: nobody sees them while the record is gone, and with it they are back.
    """
    gone = {row.pk for row in others}
    pairs = DifferentPair.objects.filter(Q(first__in=gone) | Q(second__in=gone), kind=kind)
    moved = {
        tuple(sorted(survivor.pk if pk in gone else pk for pk in pair))
        for pair in pairs.values_list("first", "second")
    }
    new = [DifferentPair(kind=kind, first=first, second=second) for first, second in moved if first != second]
    DifferentPair.objects.bulk_create(new, ignore_conflicts=True)
