"""Many new records compared at once with those that are there: a few queries for a thousand rows of a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import Max

from piste.contacts.duplicates import Hit, Kind
from piste.contacts.gathering import MEANINGLESS, RARE, common_words, quoted
from piste.contacts.likeness import SIMILAR, Names, Reason, likeness, weigh
from piste.contacts.names import lines_of

R = TypeVar("R", bound=models.Model)

#: Of a name so many namesakes are looked at, and so many words are searched for.
_NAMESAKES, _WORDS = 3, 6

_BY_KEY = """
SELECT key, array_agg(id) FROM (
    SELECT {column} AS key, id FROM {table} WHERE {column} = ANY(%(keys)s) AND {column} <> '' AND id <= %(last)s
) found GROUP BY key HAVING count(*) <= %(most)s
"""
_BY_NAME = """
SELECT asked.name, found.id FROM unnest(%(names)s::text[], %(queries)s::tsquery[]) asked(name, query),
LATERAL (SELECT id FROM {table} WHERE {words} @@ asked.query AND id <= %(last)s LIMIT %(most)s) found
"""


class Batches(Generic[R]):
    """Compares new records with those there were when this began; the same name is looked up once.

    Of names only those count that hold all words of the new one: a file may have a hundred thousand.
    """

    def __init__(self, kind: Kind[R]) -> None:
        self.kind = kind
        rows = kind.model._default_manager.aggregate(last=Max("pk"))
        self.last: int = rows["last"] or 0
        self.lines: dict[str, str] = {}
        self._namesakes: dict[str, tuple[int, ...]] = {}
        self._common = common_words(kind.place) if self.last else {}

    def similar(self, records: Sequence[Any]) -> list[Hit[R] | None]:
        """For each new record the most similar one that was there, if any."""
        if not self.last:
            return [None] * len(records)
        called = [self.kind.names_of(record) for record in records]
        self.lines |= lines_of(set(chain.from_iterable(called)) - self.lines.keys())
        told = [names.told(self.lines) for names in called]
        found = self._gathered(records, told)
        there = self._rows({pk for reasons in found for pk in reasons})
        return [self._best(*row, there) for row in zip(records, told, found, strict=True)]

    def _gathered(self, records: Sequence[Any], told: Sequence[Names]) -> list[dict[int, set[Reason]]]:
        emails = self._by_key("email_normalised", {record.email_normalised for record in records})
        numbers = {number for record in records for number in _numbers(record)}
        phones: defaultdict[str, list[int]] = defaultdict(list)
        for column in ("phone_e164", "other_phone_e164"):
            for number, pks in self._by_key(column, numbers).items():
                phones[number] += pks
        self._find_namesakes({name for names in told for name in names.given()})
        return [self._of(*row, emails, phones) for row in zip(records, told, strict=True)]

    def _of(self, record: Any, names: Names, emails: Any, phones: Any) -> dict[int, set[Reason]]:
        found: defaultdict[int, set[Reason]] = defaultdict(set)
        for pk in emails.get(record.email_normalised, ()):
            found[pk].add(Reason.EMAIL)
        for number in _numbers(record):
            for pk in phones.get(number, ()):
                found[pk].add(Reason.PHONE)
        for name in names.given():
            for pk in self._namesakes.get(name, ()):
                found.setdefault(pk, set())
        return found

    def _by_key(self, column: str, keys: set[str]) -> dict[str, list[int]]:
        keys.discard("")
        if not keys:
            return {}
        statement = _BY_KEY.format(column=column, table=self.kind.place.table)
        with connection.cursor() as cursor:
            cursor.execute(statement, {"keys": list(keys), "last": self.last, "most": MEANINGLESS})
            return dict(cursor.fetchall())

    def _find_namesakes(self, names: set[str]) -> None:
        new = {name: query for name in names - self._namesakes.keys() if (query := self._query(name))}
        self._namesakes |= dict.fromkeys(names - self._namesakes.keys(), ())
        if not new:
            return
        place = self.kind.place
        values: dict[str, Any] = {
            "names": list(new),
            "queries": list(new.values()),
            "last": self.last,
            "most": _NAMESAKES,
        }
        found: defaultdict[str, list[int]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(_BY_NAME.format(table=place.table, words=place.words), values)
            for name, pk in cursor.fetchall():
                found[name].append(pk)
        self._namesakes |= {name: tuple(pks) for name, pks in found.items()}

    def _query(self, name: str) -> str:
        """All words of the name; nothing where all are so common that looking them up takes long."""
        words = name.split()
        if not words or min(self._common.get(word, 0) for word in words) > RARE:
            return ""
        rarest = sorted(words, key=lambda word: self._common.get(word, 0))[:_WORDS]
        return " & ".join(map(quoted, rarest))

    def _rows(self, pks: set[int]) -> dict[int, R]:
        rows = self.kind.model._default_manager.select_related(*self.kind.joins).only(*self.kind.columns)
        there = {row.pk: row for row in rows.filter(pk__in=pks)} if pks else {}
        names = chain.from_iterable(self.kind.names_of(row) for row in there.values())
        self.lines |= lines_of(set(names) - self.lines.keys())
        return there

    def _best(
        self, record: Any, names: Names, found: dict[int, set[Reason]], there: dict[int, R]
    ) -> Hit[R] | None:
        best: Hit[R] | None = None
        for pk, common in found.items():
            row = there.get(pk)
            if row is None or not self.kind.pairs(record, row):
                continue
            score, reasons = weigh(common, likeness(names, self.kind.names_of(row).told(self.lines)))
            if score >= SIMILAR and (best is None or score > best.score):
                best = Hit(row, score, reasons)
        return best


def _numbers(record: Any) -> set[str]:
    return {record.phone_e164, record.other_phone_e164} - {""}
