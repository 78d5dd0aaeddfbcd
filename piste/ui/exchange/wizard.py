"""What the pages of an import show: steps, columns with their samples, words to be given a meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.core.text import fold
from piste.core.transitions import Refused
from piste.ui import formats
from piste.ui.exchange.cells import Cell, shown
from piste.ui.exchange.encodings import ENCODINGS
from piste.ui.exchange.loading import maker_of, matched, screen_for_import
from piste.ui.exchange.making import Maker, maker_for
from piste.ui.exchange.matching import Field, Match
from piste.ui.exchange.models import ImportJob
from piste.ui.exchange.plan import Plan
from piste.ui.exchange.reading import Reading, Sheet, open_sheet
from piste.ui.exchange.references import Reference
from piste.ui.exchange.surveying import samples
from piste.ui.screen import Screen, screens

if TYPE_CHECKING:
    from piste.accounts.models import User

Option = tuple[str, str]

#: What most files hold; everything else is a short list.
MAIN = ("opportunities", "leads", "customers")
_SEPARATORS = {
    ";": gettext_lazy("semicolon"),
    ",": gettext_lazy("comma"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar"),
}
_SAMPLE = 60
_SURE, _FAIR = 95, 75


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the wizard: done, now or to do."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with its possible answers; the present one is `value`."""

    name: str
    label: str
    value: str
    options: list[Option]
    help: str = ""


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of the file: what it holds, and the field it is to fill."""

    name: str
    title: str
    samples: list[str]
    field: str
    confidence: str
    tone: str


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word that names nothing here, and how many rows say it."""

    name: str
    word: str
    count: int
    value: str


@dataclass(frozen=True, slots=True)
class WordGroup:
    """The unknown words of one field, with the records they may stand for."""

    label: str
    options: list[Option]
    words: list[WordRow]


def steps(state: str) -> list[Step]:
    """Where an import in this state is; without one, at its beginning."""
    now = {"": 0, "draft": 1, "checking": 2, "checked": 2, "running": 3, "done": 4, "failed": 3}[state]
    labels = (_("File"), _("Columns"), _("Check"), _("Import"))
    return [
        Step(label, "done" if place < now else "now" if place == now else "todo")
        for place, label in enumerate(labels)
    ]


def targets(user: User) -> list[Screen]:
    """The screens this person may import into, the pipeline first."""
    open_to = [screen for screen in screens() if screen.may(user, "add") and maker_for(screen) is not None]
    order = {slug: place for place, slug in enumerate(MAIN)}
    return sorted(open_to, key=lambda screen: order.get(screen.slug, len(order)))


class Wizard:
    """One import with its file opened."""

    def __init__(self, job: ImportJob) -> None:
        self.job, self.user, self.plan = job, job.user, job.wanted()
        self.screen: Screen = screen_for_import(job.screen, job.user)
        self.maker: type[Maker] = maker_of(self.screen)
        self.sheet: Sheet = open_sheet(job.path, self.plan.reading)
        self.fields: Sequence[Field] = self.maker.fields(self.screen)
        self.matching = matched(self.sheet, self.maker, self.screen)

    def columns(self) -> list[ColumnRow]:
        """The columns with a few of their values, and the field found or chosen for each."""
        chosen = (
            None if self.plan.columns is None else {place: name for name, place in self.plan.columns.items()}
        )
        rows = zip(self.matching.columns, samples(self.sheet), strict=True)
        return [self._column(match, cells, chosen) for match, cells in rows]

    def _column(self, match: Match, cells: list[Cell], chosen: Mapping[int, str] | None) -> ColumnRow:
        field = match.field if chosen is None else chosen.get(match.place, "")
        confidence, tone = _confidence(match.confidence) if field and field == match.field else ("", "")
        texts = [shown(cell)[:_SAMPLE] for cell in cells]
        return ColumnRow(f"column-{match.place}", match.title, texts, field, confidence, tone)

    def field_options(self) -> list[Option]:
        return [("", _("Leave out")), *((field.name, str(field.label)) for field in self.fields)]

    def reading_choices(self) -> list[Choice]:
        """How the file is read, for a person to correct."""
        sheet, wanted = self.sheet, self.plan.reading
        lines: list[Option] = [("", _("found: %(line)s") % {"line": sheet.header_line or _("no header")})]
        lines += [("0", _("no header")), *((str(line), str(line)) for line in range(1, 21))]
        header = "" if wanted.header_line is None else str(wanted.header_line)
        choices = [Choice("header_line", _("Line of the column titles"), header, lines)]
        if sheet.is_workbook:
            return [
                Choice("sheet", _("Sheet"), sheet.sheet, [(name, name) for name in sheet.sheets]),
                *choices,
            ]
        found = ENCODINGS.get(
            sheet.encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be"), sheet.encoding
        )
        encodings = [("", _("found: %(what)s") % {"what": found}), *ENCODINGS.items()]
        separator = _SEPARATORS.get(sheet.separator, sheet.separator)
        separators: list[Option] = [("", _("found: %(what)s") % {"what": separator})]
        separators += [(sign, str(label)) for sign, label in _SEPARATORS.items()]
        return [
            Choice("encoding", _("Encoding"), wanted.encoding, encodings),
            Choice("separator", _("Separator"), wanted.separator, separators),
            *choices,
        ]

    def options(self) -> list[Choice]:
        """What else there is to decide."""
        choices = [self._dates()]
        if self.maker.column(self.screen.model, "owner") is not None:
            choices.append(self._owner())
        if "contact" in self.maker.free:
            help_text = _("By e-mail address, then by name; those not found are added.")
            options = [("yes", _("find or add")), ("no", _("find, add none"))]
            value = "yes" if self.plan.customers else "no"
            choices.append(Choice("customers", _("Customers"), value, options, help_text))
        if "parent" in self.maker.free:
            options = [("yes", _("import again")), ("no", _("leave as they are"))]
            choices.append(
                Choice("again", _("Customers that exist"), "yes" if self.plan.again else "no", options)
            )
        return choices

    def _dates(self) -> Choice:
        options = [
            ("", _("detected from the file")),
            ("day", _("12/03 is 12 March")),
            ("month", _("12/03 is 3 December")),
        ]
        value = {None: "", True: "day", False: "month"}[self.plan.day_first]
        return Choice("day_first", _("Dates"), value, options)

    def _owner(self) -> Choice:
        people = Reference(_related(self.maker, self.screen, "owner"), self.user, stands_for={})
        options = [("", _("nobody")), *((str(row.pk), str(row)) for row in people.rows())]
        # A file that names salespeople means the rows without one; any other is the importer's own.
        default = "" if "owner" in self.matching.places() else str(self.user.pk)
        value = default if self.plan.columns is None else str(self.plan.owner or "")
        return Choice("owner", _("Salesperson, where the file names none"), value, options)

    def words(self) -> list[WordGroup]:
        """The words of the file that name nothing here, and what each may stand for."""
        labels = {field.name: str(field.label) for field in self.fields}
        return [
            self._group(name, labels[name], words)
            for name, words in self.job.unknown.items()
            if name in labels
        ]

    def _group(self, name: str, label: str, words: list[dict[str, Any]]) -> WordGroup:
        known = Reference(_related(self.maker, self.screen, name), self.user, stands_for={})
        options = [("", _("refuse these rows")), ("0", _("leave empty"))]
        options += [(str(row.pk), str(row)) for row in known.rows()]
        rows = [
            WordRow(f"word-{name}-{place}", word["word"][:_SAMPLE], word["count"], "")
            for place, word in enumerate(words)
        ]
        return WordGroup(label, options, rows)


def _related(maker: type[Maker], screen: Screen, name: str) -> type[models.Model]:
    column = maker.column(screen.model, name)
    assert column is not None
    related: Any = column.related_model
    return related  # type: ignore[no-any-return]


def _confidence(value: int) -> tuple[str, str]:
    if value >= _SURE:
        return _("sure"), "planned"
    return (_("likely"), "today") if value >= _FAIR else (_("similar name"), "today")


def plan_of(posted: Mapping[str, str], wizard: Wizard) -> Plan:
    """The plan that the columns page was sent with. Raises `Refused` when two columns fill one field."""
    columns: dict[str, int] = {}
    titles = wizard.sheet.header
    labels = {field.name: str(field.label) for field in wizard.fields}
    for place, title in enumerate(titles):
        name = posted.get(f"column-{place}", "")
        if name not in labels:
            continue
        if name in columns:
            said = {"one": titles[columns[name]], "other": title, "field": labels[name]}
            raise Refused(
                _("“%(one)s” and “%(other)s” cannot both be “%(field)s”. Leave one of them out.") % said
            )
        columns[name] = place
    if not columns:
        raise Refused(_("Choose for at least one column what it holds."))
    _needed(wizard.maker, columns, labels)
    return replace(
        wizard.plan,
        columns=columns,
        owner=_number(posted.get("owner", "")),
        customers=posted.get("customers", "yes") == "yes",
        again=posted.get("again", "yes") == "yes",
        day_first={"day": True, "month": False}.get(posted.get("day_first", "")),
    )


def _needed(maker: type[Maker], columns: Mapping[str, int], labels: Mapping[str, str]) -> None:
    for name in maker.needed:
        if name not in columns:
            raise Refused(_("No column holds “%(field)s”. Choose one.") % {"field": labels[name]})


def reading_of(posted: Mapping[str, str]) -> Reading:
    """How the columns page says the file is to be read."""
    return Reading(
        encoding=posted.get("encoding", ""),
        separator=posted.get("separator", ""),
        sheet=posted.get("sheet", ""),
        header_line=_number(posted.get("header_line", "")),
    )


def meanings_of(posted: Mapping[str, str], job: ImportJob) -> dict[str, dict[str, int]]:
    """What the check page says unknown words stand for, added to what was said before."""
    meanings = {name: dict(words) for name, words in job.wanted().values.items()}
    for name, words in job.unknown.items():
        for place, word in enumerate(words):
            value = _number(posted.get(f"word-{name}-{place}", ""))
            if value is not None:
                meanings.setdefault(name, {})[fold(word["word"])] = value
    return meanings


def also_added(job: ImportJob) -> list[str]:
    """What else an import has made: "12 customers", "3 tags"."""
    from django.apps import apps

    said = []
    for label, count in job.added.items():
        meta = apps.get_model(label)._meta
        name = meta.verbose_name if count == 1 else meta.verbose_name_plural
        said.append(f"{formats.number(count)} {name}")
    return said


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
