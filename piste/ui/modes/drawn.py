"""Cards as HTML, drawn once for as long as what they show stays the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Protocol, Self

from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup

from piste.ui.jinja import speaking

#: A card takes about 1.5 kB.
MOST_KEPT = 4096


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


class Drawer:
    """Draws the cards of one board. The key of a kept one holds everything that it was made from, so that it can
    be left out of date by nothing."""

    def __init__(self, make: MakeCard, template: str) -> None:
        self.make = make
        self.template = template
        self._kept: dict[tuple[Any, ...], Markup] = {}

    def draw(
        self, rows: Sequence[Any], linked: Mapping[int, Sequence[Any]], printing: Printing
    ) -> list[Drawn]:
        """The cards of the rows, in order; `linked` are their tags or members by the row's id."""
        seen = {id(record): record for records in linked.values() for record in records}
        marks = {key: _mark(record) for key, record in seen.items()}
        cards = []
        for row in rows:
            beside = linked.get(row.id, ())
            key = (printing, row, *(marks[id(record)] for record in beside))
            html = self._kept.get(key)
            if html is None:
                html = self._keep(key, self._draw_one(row, beside, printing))
            cards.append(Drawn(row.id, html))
        return cards

    def _draw_one(self, row: Any, beside: Sequence[Any], printing: Printing) -> Markup:
        module: Any = speaking(printing.language).get_template(self.template).module
        return Markup(module.card(self.make(row, beside, printing)))  # noqa: S704 – it comes escaped from the macro

    def _keep(self, key: tuple[Any, ...], html: Markup) -> Markup:
        if len(self._kept) >= MOST_KEPT:
            for old in list(islice(self._kept, MOST_KEPT // 2)):
                self._kept.pop(old, None)
        self._kept[key] = html
        return html


def _mark(record: Any) -> tuple[Any, ...]:
    return tuple(value for name, value in vars(record).items() if not name.startswith("_"))
