"""Cards and lines as HTML, drawn once for as long as what they show stays the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Protocol, Self

from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup

from piste.ui.jinja import speaking

#: A card or a line takes about 1.5 kB.
MOST_KEPT = 2048


@dataclass(frozen=True, slots=True)
class Printing:
    """All that a card may depend on besides its row and the records linked to it. `now` is the last full hour:
    what a card says of time is counted in days."""

    currency: str
    language: str
    zone: str
    today: date
    now: datetime

    @classmethod
    def of(cls, currency: str) -> Self:
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        zone = timezone.get_current_timezone_name()
        return cls(currency, get_language() or "en", zone, timezone.localdate(), now)


class Card(Protocol):
    """What the card's template shows."""

    @property
    def pk(self) -> int: ...


MakeCard = Callable[[Any, Sequence[Any], Printing], Card]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card ready for the page."""

    pk: int
    html: Markup


class Kept:
    """What was drawn, by all that it was made from, so that nothing can make it out of date."""

    def __init__(self) -> None:
        self._drawn: dict[Hashable, Markup] = {}

    def __len__(self) -> int:
        return len(self._drawn)

    def get(self, key: Hashable, draw: Callable[[], Markup]) -> Markup:
        """What was drawn for the key, else what is drawn now."""
        found = self._drawn.get(key)
        if found is None:
            if len(self._drawn) >= MOST_KEPT:
                for old in list(islice(self._drawn, MOST_KEPT // 2)):
                    self._drawn.pop(old, None)
            found = self._drawn[key] = draw()
        return found


def macro(template: str, name: str, *values: Any) -> Markup:
    """What a macro of a template makes of the values, in the reader's language."""
    module = speaking(get_language() or "en").get_template(template).module
    return Markup(getattr(module, name)(*values))  # noqa: S704 – it comes escaped from the macro


class Drawer:
    """Draws the cards of one board."""

    def __init__(self, make: MakeCard, template: str) -> None:
        self.make = make
        self.template = template
        self.kept = Kept()

    def draw(
        self, rows: Sequence[Any], linked: Mapping[int, Sequence[Any]], printing: Printing
    ) -> list[Drawn]:
        """The cards of the rows, in order; `linked` are their tags or members by the row's id."""
        seen = {id(record): record for records in linked.values() for record in records}
        marks = {key: _mark(record) for key, record in seen.items()}
        return [self._draw_one(row, linked.get(row.id, ()), marks, printing) for row in rows]

    def _draw_one(
        self, row: Any, beside: Sequence[Any], marks: Mapping[int, Any], printing: Printing
    ) -> Drawn:
        key = (printing, row, *(marks[id(record)] for record in beside))
        made = self.kept.get(key, lambda: macro(self.template, "card", self.make(row, beside, printing)))
        return Drawn(row.id, made)


def _mark(record: Any) -> tuple[Any, ...]:
    values = (value for name, value in vars(record).items() if not name.startswith("_"))
    return tuple(value if value.__hash__ else repr(value) for value in values)
