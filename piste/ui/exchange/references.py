"""Records of other lists, found by the words a file uses for them, or added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from piste.core.access import ScopedQuerySet, permission
from piste.core.text import fold
from piste.ui.exchange.cells import Cell, shown
from piste.ui.exchange.values import BadValue

if TYPE_CHECKING:
    from piste.accounts.models import User

#: Columns whose text names a row.
_NAMES = ("name", "name_en", "email")


class Reference:
    """Rows of one model by their names, all read once; only what the user may see is found.

    `stands_for` are a person's own words for them, 0 meaning none. New rows are made, unsaved, where
    `adds` and the user's rights allow.
    """

    def __init__(
        self, model: type[models.Model], user: User, *, stands_for: Mapping[str, int], adds: bool = False
    ) -> None:
        self.model = model
        self.adds = adds and user.has_perm(permission(model, "add"))
        self._rows: dict[int, models.Model] = {}
        self._words: dict[str, set[int]] = {}
        self._new: dict[str, models.Model] = {}
        self._stands_for = stands_for
        for row in _reachable(model, user):
            self._rows[row.pk] = row
            for word in _words_of(row):
                self._words.setdefault(word, set()).add(row.pk)

    def __call__(self, cell: Cell) -> models.Model | None:
        """The row the cell names; None where a person has said that the word stands for none."""
        text = shown(cell).strip()
        word = fold(text)
        chosen = self._stands_for.get(word)
        if chosen is not None:
            return self._rows.get(chosen)
        found = self._words.get(word, set())
        if len(found) == 1:
            return self._rows[next(iter(found))]
        if found:
            raise BadValue(_("“%(name)s” names several %(things)s.") % self._said(text))
        if self.adds:
            return self._new.setdefault(word, self._made(text))
        raise BadValue(_("“%(name)s” was not found among the %(things)s.") % self._said(text))

    def knows(self, cell: Cell) -> bool:
        word = fold(shown(cell).strip())
        return word in self._stands_for or len(self._words.get(word, ())) == 1

    def rows(self) -> Iterator[models.Model]:
        return iter(self._rows.values())

    def row(self, pk: int | None) -> models.Model | None:
        return None if pk is None else self._rows.get(pk)

    def _made(self, text: str) -> models.Model:
        longest = self.model._meta.get_field("name").max_length  # type: ignore[union-attr]
        if longest is not None and len(text) > longest:
            raise BadValue(_("This text is too long: at most %(count)s characters.") % {"count": longest})
        made: models.Model = self.model(name=" ".join(text.split()))
        return made

    def _said(self, text: str) -> dict[str, Any]:
        return {"name": text[:80], "things": self.model._meta.verbose_name_plural}


class References:
    """Several rows named in one cell, with commas or semicolons between them."""

    def __init__(self, one: Reference) -> None:
        self.one = one

    def __call__(self, cell: Cell) -> list[models.Model]:
        names = shown(cell).replace(";", ",").replace("|", ",").replace("\n", ",").split(",")
        found = [self.one(name) for name in names if name.strip()]
        return list({id(row): row for row in found if row is not None}.values())


def _reachable(model: type[models.Model], user: User) -> Iterator[models.Model]:
    rows = model._default_manager.all()
    assert isinstance(rows, ScopedQuerySet)
    for row in rows.for_user(user).order_by("pk"):
        if getattr(row, "is_active", True):
            yield row


def _words_of(row: models.Model) -> set[str]:
    texts = {str(getattr(row, name, "") or "") for name in _NAMES} | {str(row)}
    return {fold(text) for text in texts if text.strip()}
