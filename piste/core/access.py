"""Who may do what to which rows. Nothing else in the code base answers that question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from piste.accounts.models import User

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows opened up by holding a permission or, without one, a limit for everybody."""

    rows: Callable[[User], Q]
    perm: str | None = None
    verbs: frozenset[str] | None = None
    to_many: bool = False

    def covers(self, verb: str) -> bool:
        return self.verbs is None or verb in self.verbs


_rules: defaultdict[type[models.Model], list[Rule]] = defaultdict(list)


def grant(
    model: type[models.Model], perm: str, rows: Callable[[User], Q], *verbs: str, to_many: bool = False
) -> None:
    """Let holders of `perm` reach these rows, for the named verbs or all. Grants add up.

    Say `to_many` when the condition joins a to-many relation and could repeat rows.
    """
    _rules[model].append(Rule(rows, perm, frozenset(verbs) or None, to_many))


def limit(model: type[models.Model], rows: Callable[[User], Q], *, to_many: bool = False) -> None:
    """Keep everyone within these rows. Limits narrow each other."""
    _rules[model].append(Rule(rows, to_many=to_many))


def has_rules(model: type[models.Model]) -> bool:
    return bool(_rules[model])


def permission(model: type[models.Model], verb: str) -> str:
    """The name of the permission to do `verb` to rows of the model."""
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"


def rows_for(model: type[models.Model], user: User, verb: str) -> Q | None:
    """The test a row must pass, or None when no row may be reached."""
    if not user.is_active or not user.has_perm(permission(model, verb)):
        return None
    rules = [rule for rule in _rules[model] if rule.covers(verb)]
    grants = [r.rows(user) for r in rules if r.perm is not None and user.has_perm(r.perm)]
    if not grants:
        return None
    granted = grants[0]
    for row in grants[1:]:
        # `Q() | x` is `x`, so an unrestricted grant has to win explicitly.
        granted = granted | row if granted and row else Q()
    for rule in rules:
        if rule.perm is None:
            granted &= rule.rows(user)
    return granted


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that can narrow itself to what a user may touch."""

    def for_user(self, user: User, verb: str = "view") -> Self:
        rows = rows_for(self.model, user, verb)
        if rows is None:
            return self.none()
        if not rows:
            return self
        if any(rule.to_many for rule in _rules[self.model]):
            return self.filter(pk__in=self.model._base_manager.filter(rows).values("pk"))
        return self.filter(rows)
