"""Leads and opportunities are one table: an old address of the one leads to the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.pipeline.models import Lead, Opportunity


def now_a(model: type[Lead] | type[Opportunity]) -> Callable[[int, User], str]:
    """Finds the address of a record that has become one of these, for who may see it; else nothing."""

    def elsewhere(pk: int, user: User) -> str:
        found = model.objects.for_user(user).filter(pk=pk).first()
        return found.get_absolute_url() if found else ""

    return elsewhere
