"""The columns of a table as the address says them: which, in what order, how wide, and what sorts by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Model

from piste.ui.paths import Path, resolve
from piste.ui.state import BadAddress

#: Widths in pixels: what an address may ask for, and what one step of the menu adds.
NARROWEST, WIDEST, STEP = 64, 640, 32
#: As wide as a column is that nobody has sized, once another one is.
USUAL = {"money": 160, "percent": 120, "number": 120, "date": 152, "datetime": 152, "boolean": 112}
FIRST, OTHER = 280, 184

#: Rows are sorted by so many columns at most.
MOST_KEYS = 4


#: Makes the address that says one thing in another way.
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A column of the address; a width of 0 is as wide as it needs."""

    name: str
    width: int = 0

    def __str__(self) -> str:
        return f"{self.name}:{self.width}" if self.width else self.name


def read(text: str, usual: Sequence[str], offered: Sequence[str]) -> list[Chosen]:
    """The columns that `cols=` asks for, else the usual ones. Raises `BadAddress` for what is not offered."""
    if not text:
        return [Chosen(name) for name in usual]
    found: dict[str, Chosen] = {}
    for part in text.split(","):
        name, sized, width = part.partition(":")
        if name not in (*usual, *offered) or (sized and not _fits(width)):
            raise BadAddress(text)
        found.setdefault(name, Chosen(name, int(width or 0)))
    return list(found.values())


def _fits(width: str) -> bool:
    return width.isdecimal() and len(width) <= 3 and NARROWEST <= int(width) <= WIDEST


def write(columns: Sequence[Chosen], usual: Sequence[str]) -> str:
    """What `cols=` says of them; nothing where they are the usual ones."""
    text = ",".join(map(str, columns))
    return "" if text == ",".join(usual) else text


def widths(model: type[Model], columns: Sequence[Chosen]) -> list[int]:
    """The width of each column once any of them has one; else none has."""
    if not any(column.width for column in columns):
        return [0] * len(columns)
    return [
        column.width or (USUAL.get(resolve(model, column.name).kind, OTHER) if place else FIRST)
        for place, column in enumerate(columns)
    ]


@dataclass(frozen=True, slots=True)
class Sorting:
    """The columns that the address sorts by, the first one first; the value is whether downwards."""

    keys: dict[str, bool]

    @classmethod
    def read(cls, text: str) -> Sorting:
        keys: dict[str, bool] = {}
        for part in text.split(",") if text else []:
            keys.setdefault(part.removeprefix("-"), part.startswith("-"))
        return cls(dict(list(keys.items())[:MOST_KEYS]))

    def direction(self, name: str) -> str:
        return {True: "desc", False: "asc", None: ""}[self.keys.get(name)]

    def place(self, name: str) -> int:
        """Which of several keys the column is; 0 where it is none, or the only one."""
        return [*self.keys].index(name) + 1 if name in self.keys and len(self.keys) > 1 else 0

    def alone(self, name: str, *, figure: bool) -> str:
        """After a click: by this column only, and the other way round if it was so already."""
        is_only = list(self.keys) == [name]
        return self._write({name: not self.keys[name] if is_only else figure})

    def also(self, name: str, *, figure: bool) -> str:
        """After a click with Shift: by this one too, then the other way round, then no longer."""
        if name not in self.keys:
            return self._write({**self.keys, name: figure}) if len(self.keys) < MOST_KEYS else ""
        return self.turned(name) if self.keys[name] == figure else self.without(name)

    def turned(self, name: str) -> str:
        """The other way round, and the rest as it is."""
        return self._write({**self.keys, name: not self.keys[name]})

    def without(self, name: str) -> str:
        return self._write({other: down for other, down in self.keys.items() if other != name})

    @staticmethod
    def _write(keys: dict[str, bool]) -> str:
        return ",".join(f"-{name}" if down else name for name, down in keys.items())


@dataclass(frozen=True, slots=True)
class Column:
    """A column head; `sort_url` sorts by it alone, `also_url` besides others, `turn_url` the other way round."""

    name: str
    label: str
    kind: str
    sort_url: str
    also_url: str
    turn_url: str
    drop_url: str
    direction: str
    place: int
    end: bool
    editable: bool
    width: int

    @property
    def classes(self) -> str:
        """The style classes of the column's cells."""
        return f"kind-{self.kind} end" if self.end else f"kind-{self.kind}"


def column(path: Path, sorting: Sorting, address: Address, *, editable: bool, width: int) -> Column:
    """The head of a column; `address` is of the rows sorted in a given way."""
    name, figure, sorts = path.name, path.is_end, path.kind != "tags"
    also = sorting.also(name, figure=figure) if sorts else ""
    active = name in sorting.keys
    return Column(
        name=name,
        label=path.label,
        kind=path.kind,
        sort_url=address(sorting.alone(name, figure=figure)) if sorts else "",
        also_url=address(also) if also or (active and sorts) else "",
        turn_url=address(sorting.turned(name)) if active else "",
        drop_url=address(sorting.without(name)) if active else "",
        direction=sorting.direction(name),
        place=sorting.place(name),
        end=figure,
        editable=editable,
        width=width,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the columns' menu: addresses that show, hide, move and size the column, empty where it cannot."""

    name: str
    label: str
    shown: bool
    url: str
    earlier: str = ""
    later: str = ""
    narrower: str = ""
    wider: str = ""


def choices(
    model: type[Model], shown: list[Chosen], usual: Sequence[str], offered: Sequence[str], address: Address
) -> list[Choice]:
    """The columns in the order they are shown, then those that could be added."""
    names = {chosen.name for chosen in shown}
    here = [_shown(model, shown, place, usual, address) for place in range(len(shown))]
    return here + [
        Choice(
            name, resolve(model, name).label, shown=False, url=address(write([*shown, Chosen(name)], usual))
        )
        for name in dict.fromkeys((*usual, *offered))
        if name not in names
    ]


def _shown(
    model: type[Model], shown: list[Chosen], place: int, usual: Sequence[str], address: Address
) -> Choice:
    chosen, before, behind = shown[place], shown[:place], shown[place + 1 :]
    kind = resolve(model, chosen.name).kind
    now = chosen.width or (USUAL.get(kind, OTHER) if place else FIRST)

    def to(columns: list[Chosen]) -> str:
        return address(write(columns, usual))

    def sized(width: int) -> str:
        return to([*before, Chosen(chosen.name, width), *behind]) if NARROWEST <= width <= WIDEST else ""

    return Choice(
        name=chosen.name,
        label=resolve(model, chosen.name).label,
        shown=True,
        url=to([*before, *behind]) if len(shown) > 1 else "",
        earlier=to([*before[:-1], chosen, *before[-1:], *behind]) if before else "",
        later=to([*before, *behind[:1], chosen, *behind[1:]]) if behind else "",
        narrower=sized(now - STEP),
        wider=sized(now + STEP),
    )
