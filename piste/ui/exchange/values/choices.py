"""Choices by their label or code, in French or English, whatever the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from django.utils import translation
from django.utils.translation import gettext as _

from piste.core.text import fold
from piste.ui.exchange.cells import Cell, shown
from piste.ui.exchange.values.wrong import BadValue

T = TypeVar("T")

LANGUAGES = ("fr", "en")
_NAMED = 6


class Choices(Generic[T]):
    """The values of a choice with all the words for each."""

    def __init__(
        self, choices: Callable[[], Iterable[tuple[Any, Any]]], also: Mapping[str, T] | None = None
    ) -> None:
        self._choices = choices
        self._values: dict[str, T] = {}
        for language in LANGUAGES:
            with translation.override(language):
                self._values |= {fold(str(label)): value for value, label in choices()}
        self._values |= {fold(word): value for word, value in (also or {}).items()}
        self._values |= {fold(str(value)): value for value, _label in choices()}

    def value(self, text: Cell) -> T:
        """The value of the word."""
        word = fold(shown(text).strip())
        if word in self._values:
            return self._values[word]
        labels = [str(label) for _value, label in self._choices() if str(label)]
        named = ", ".join(labels[:_NAMED])
        more = " …" if len(labels) > _NAMED else ""
        raise BadValue(
            _("“%(text)s” is not one of: %(choices)s.") % {"text": shown(text)[:80], "choices": named + more}
        )
