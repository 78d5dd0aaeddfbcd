"""A file's rows checked one by one and written in batches, as one operation that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from piste.core.history import operation
from piste.core.transitions import Refused
from piste.ui.exchange.cells import BadFile, Cell, Problem, Row, is_empty, shown
from piste.ui.exchange.columns import Converter
from piste.ui.exchange.making import BadRow, Made, Maker, Session, maker_for, save_new, take_back
from piste.ui.exchange.matching import Matching, match
from piste.ui.exchange.plan import Plan
from piste.ui.exchange.reading import Sheet, open_sheet
from piste.ui.exchange.rejects import Rejected
from piste.ui.exchange.surveying import Survey, survey
from piste.ui.exchange.values import BadValue
from piste.ui.screen import Screen, screen_named
from piste.ui.similar import narrowed

if TYPE_CHECKING:
    from piste.accounts.models import User
    from piste.core.models import Operation

BATCH = 1_000
_REMEMBERED = 5_000
#: So many unknown words of a column can be given a meaning.
_UNKNOWN = 40


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word of a file that names no row here, and how many rows say it."""

    word: str
    count: int


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A row that looks like a record there was before: its line and name, the other's name, the reasons."""

    line: int
    name: str
    other: str
    why: str


@dataclass(slots=True)
class Loaded:
    """What became of a file: records made, rows refused, other rows that were added for them."""

    operation: Operation | None
    header: tuple[str, ...]
    total: int
    created: int = 0
    added: dict[str, int] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    unknown: dict[str, list[Unknown]] = field(default_factory=dict)
    similar: list[SimilarRow] = field(default_factory=list)


class _Rehearsed(Exception):
    """Ends a rehearsal: everything that was written is taken back."""


def load_file(
    slug: str,
    path: Path,
    user: User,
    *,
    plan: Plan | None = None,
    via: str,
    name: str = "",
    at: datetime | None = None,
    rehearse: bool = False,
    progress: Callable[[int, int], None] | None = None,
    finish: Callable[[Loaded], None] | None = None,
) -> Loaded:
    """Write the rows of the file as records of the screen.

    A rehearsal does the same and takes it back. `finish` runs in the same transaction as the rows. Raises
    `BadFile` and `Refused` with a sentence for the user, `PermissionDenied` without the right to add.
    """
    screen = screen_for_import(slug, user)
    plan = plan or Plan()
    sheet = open_sheet(path, plan.reading)
    maker = maker_of(screen)
    plan = resolved(plan, sheet, screen, maker)
    session = Session(user, at or timezone.now(), ZoneInfo(user.time_zone), plan)
    loading = _Loading(maker(screen, session), sheet, progress or (lambda _done, _total: None))
    try:
        with transaction.atomic():
            _spare_the_triggers()
            loaded = loading.run(via, name or path.name)
            if rehearse:
                raise _Rehearsed
            if finish is not None:
                finish(loaded)
    except _Rehearsed:
        loaded.operation = None
    return loaded


def _spare_the_triggers() -> None:
    """Say that no trigger is ignored: left unsaid, each trigger of each row raises and catches an exception.

    That takes three quarters of the database's time for a row with history.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")


def screen_for_import(slug: str, user: User) -> Screen:
    """The screen of that name, if the user may add to it."""
    screen = screen_named(slug)
    if screen is None:
        raise Refused(_("Piste cannot import into “%(name)s”.") % {"name": slug})
    if not screen.may(user, "add"):
        raise PermissionDenied
    return screen


def maker_of(screen: Screen) -> type[Maker]:
    maker = maker_for(screen)
    if maker is None:
        raise Refused(_("Piste cannot import into “%(name)s”.") % {"name": screen.label_plural})
    return maker


def matched(sheet: Sheet, maker: type[Maker], screen: Screen) -> Matching:
    """Which column fills which field, by the titles alone."""
    return match(sheet.header, maker.fields(screen), prefixes=maker.prefixes)


def resolved(plan: Plan, sheet: Sheet, screen: Screen, maker: type[Maker]) -> Plan:
    """The plan with its columns, found out where nobody chose them."""
    columns = plan.columns
    if columns is None:
        columns = matched(sheet, maker, screen).places()
    known = {one.name for one in maker.fields(screen)}
    columns = {name: place for name, place in columns.items() if name in known and place < len(sheet.header)}
    if not columns:
        raise BadFile(_("No column of this file could be matched. Choose for each what it holds."))
    for one in maker.fields(screen):
        if one.name in maker.needed and one.name not in columns:
            raise BadFile(_("No column holds “%(field)s”. Choose one.") % {"field": one.label})
    return replace(plan, columns=columns)


class _Loading:
    """One run through a file."""

    def __init__(self, maker: Maker, sheet: Sheet, progress: Callable[[int, int], None]) -> None:
        self.maker, self.sheet, self.progress = maker, sheet, progress
        self.screen, self.session = maker.screen, maker.session
        chosen = self.session.plan.columns or {}
        self.columns: Mapping[str, int] = dict(sorted(chosen.items(), key=lambda column: column[1]))
        self.seen: Survey = survey(sheet, self.columns)
        self.loaded = Loaded(None, sheet.header, self.seen.total)
        self.loaded.unknown = self._unknown()
        self.converters = {name: self._converter(name) for name in self.columns}
        self.done = 0

    def _converter(self, name: str) -> Converter:
        habits = self.seen.habits(name, day_first=self.session.plan.day_first)
        return _remembering(self.maker.converter(name, habits))

    def _unknown(self) -> dict[str, list[Unknown]]:
        """The words that name no row of the lists an import does not add to, the most frequent first."""
        found: dict[str, list[Unknown]] = {}
        for name in self.columns:
            values = self.seen.values[name]
            words = [Unknown(shown(cell), values[cell]) for cell in self.maker.unknown(name, values)]
            if words:
                found[name] = sorted(words, key=lambda word: -word.count)[:_UNKNOWN]
        return found

    def run(self, via: str, name: str) -> Loaded:
        """Write all rows in one operation."""
        about = {"model": self.screen.model._meta.label_lower, "count": 0, "file": name}
        command = f"{self.screen.name}.import"
        with operation(command, by=self.session.user, via=via, at=self.session.at, about=about) as op:
            self.loaded.operation = op
            for turn in range(self.maker.turns):
                for batch in self._batches(turn):
                    self._write(batch)
            self.loaded.rejected.sort(key=lambda row: row.line)
            self.loaded.similar.sort(key=lambda row: row.line)
            op.about |= {"count": self.loaded.created}
            op.save(update_fields=["about"])
        return self.loaded

    def _batches(self, turn: int) -> Iterator[list[tuple[Row, Made]]]:
        batch: list[tuple[Row, Made]] = []
        for row in self.sheet.rows():
            cells = {name: row.cells[place] for name, place in self.columns.items()}
            due = 0 if row.problem is not None or self.maker.turns == 1 else self.maker.turn(cells)
            if due != turn:
                continue
            self.done += 1
            made = self._made(row, cells)
            if made is not None:
                batch.append((row, made))
            if len(batch) >= BATCH:
                yield batch
                batch = []
                self.progress(self.done, self.seen.total)
        yield batch
        self.progress(self.done, self.seen.total)

    def _made(self, row: Row, cells: Mapping[str, Cell]) -> Made | None:
        """The record of a row, or None when the row is refused."""
        if row.problem is not None:
            self._reject(row, row.problem)
            return None
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, cell in cells.items():
            if is_empty(cell):
                if name in self.maker.required:
                    problems.append(self._problem(row, name, _("This cell must not be empty.")))
                continue
            try:
                values[name] = self.converters[name](cell)
            except BadValue as error:
                problems.append(self._problem(row, name, error.sentence))
        if problems:
            self._reject(row, *problems)
            return None
        try:
            return self.maker.make(values)
        except BadRow as error:
            self._reject(row, self._problem(row, error.name, error.sentence))
        return None

    def _problem(self, row: Row, name: str, sentence: str) -> Problem:
        place = self.columns.get(name)
        return Problem(row.line, "" if place is None else self.sheet.header[place], sentence)

    def _reject(self, row: Row, *problems: Problem) -> None:
        self.loaded.rejected.append(Rejected(row.line, row.cells, problems))

    def _write(self, batch: Sequence[tuple[Row, Made]]) -> None:
        """Write a batch; when the database refuses it, halve it until the row to blame stands alone."""
        if not batch:
            return
        try:
            outside = self._try(batch)
        except DatabaseError:
            if len(batch) == 1:
                row = batch[0][0]
                self._reject(
                    row, Problem(row.line, "", _("The database refuses this row. Check its values."))
                )
                return
            middle = len(batch) // 2
            self._write(batch[:middle])
            self._write(batch[middle:])
            return
        if outside:
            for row, _made in batch:
                if row.line in outside:
                    sentence = _("You may not create this for somebody else.")
                    self._reject(row, self._problem(row, "owner", sentence))
            self._write([(row, made) for row, made in batch if row.line not in outside])

    def _try(self, batch: Sequence[tuple[Row, Made]]) -> set[int]:
        """Write the rows, or none and return the lines of those that lie outside the user's reach."""
        made = [one for _row, one in batch]
        similar = self._similar(batch)
        new = list({id(row): row for one in made for row in one.before if row.pk is None}.values())
        try:
            with transaction.atomic():
                save_new(new)
                self.maker.save(made)
                self.maker.link(made)
                # What the file points at may have gone meanwhile: better now than at the end for all rows.
                connection.check_constraints()
                outside = self._outside(batch)
                if outside:
                    raise _Outside
        except (_Outside, DatabaseError) as error:
            take_back([*new, *(one.record for one in made)])
            if isinstance(error, DatabaseError):
                raise
            return outside
        self.loaded.created += len(made)
        self.loaded.similar += similar
        self._count(new)
        return set()

    def _similar(self, batch: Sequence[tuple[Row, Made]]) -> list[SimilarRow]:
        """The rows of the batch that look like records there were before; without the names of those out of reach."""
        likenesses = self.maker.similar([one for _row, one in batch])
        found = [(row, one, like) for (row, one), like in zip(batch, likenesses, strict=True) if like]
        seen = {id(like) for like in narrowed([like for *_, like in found], self.session.user).shown}
        hidden = _("a record that you may not see")
        return [
            SimilarRow(row.line, str(one.record), str(like.record), like.why)
            if id(like) in seen
            else SimilarRow(row.line, str(one.record), hidden, "")
            for row, one, like in found
        ]

    def _outside(self, batch: Sequence[tuple[Row, Made]]) -> set[int]:
        """Nobody may create rows that lie outside their own rules."""
        keys = [one.record.pk for _row, one in batch]
        within = set(self.screen.rows(self.session.user).filter(pk__in=keys).values_list("pk", flat=True))
        return {row.line for row, one in batch if one.record.pk not in within}

    def _count(self, new: Sequence[models.Model]) -> None:
        for row in new:
            label = row._meta.label_lower
            self.loaded.added[label] = self.loaded.added.get(label, 0) + 1


def _remembering(convert: Converter) -> Converter:
    """Convert each different cell once: most columns repeat few values."""
    known: dict[tuple[type, Cell], Any] = {}

    def converted(cell: Cell) -> Any:
        key = (type(cell), cell)
        if key in known:
            return known[key]
        value = convert(cell)
        if len(known) < _REMEMBERED:
            known[key] = value
        return value

    return converted


class _Outside(Exception):
    """Some rows of a batch lie outside the user's reach."""
