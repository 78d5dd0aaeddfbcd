"""All records of a kind searched for pairs that may be the same; done by the worker, at night and when asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from piste.contacts.duplicates import LIKELY, Kind
from piste.contacts.freemail import company_domain
from piste.contacts.gathering import MEANINGLESS
from piste.contacts.likeness import Names, Reason, likeness, weigh
from piste.contacts.models import DuplicateSearch, LikelyPair
from piste.contacts.names import lines_of

#: So many pairs of a kind are kept.
KEPT = 5_000
_BATCH, _HELD = 4_000, 100_000
#: A search that has not ended by then has been interrupted.
_PATIENCE = timedelta(minutes=30)

# Pairs that share an address, a number, a whole name or a word of one, unless more than a handful share it.
_PAIRS = """
WITH keyed AS MATERIALIZED (
    SELECT 'e' || email_normalised AS key, id FROM {table} WHERE {where} AND email_normalised <> ''
    UNION SELECT 'p' || number, id FROM {table}, unnest(ARRAY[phone_e164, other_phone_e164]) number
        WHERE {where} AND number <> ''
    UNION SELECT 'w' || word, id FROM {table}, unnest(tsvector_to_array({words})) word WHERE {where}
    UNION SELECT 'n' || array_to_string(tsvector_to_array({who}), ' '), id FROM {table} WHERE {where} AND {who} <> ''
), telling AS (
    SELECT key FROM keyed GROUP BY key HAVING count(*) BETWEEN 2 AND %(most)s
)
SELECT DISTINCT one.id, other.id FROM telling JOIN keyed one USING (key) JOIN keyed other USING (key)
WHERE one.id < other.id AND NOT EXISTS (
    SELECT FROM contacts_differentpair apart
    WHERE apart.kind = %(kind)s AND apart.first = one.id AND apart.second = other.id
)
"""


def search(kind: Kind[Any], *, at: datetime) -> int:
    """Find the pairs of a kind anew, and how many there are. Those told apart are left out."""
    with transaction.atomic():
        found = sorted(_ranked(kind), key=lambda pair: (-pair.score, pair.first, pair.second))[:KEPT]
        LikelyPair.objects.filter(kind=kind.key).delete()
        LikelyPair.objects.bulk_create(found, batch_size=1_000)
        DuplicateSearch.objects.update_or_create(kind=kind.key, defaults={"done_at": at, "wanted_at": None})
    return len(found)


def want(kind: Kind[Any], *, at: datetime) -> bool:
    """Note that a search is wanted; False when one is on its way already."""
    noted, made = DuplicateSearch.objects.get_or_create(kind=kind.key, defaults={"wanted_at": at})
    if made:
        return True
    stale = models.Q(wanted_at=None) | models.Q(wanted_at__lt=at - _PATIENCE)
    return bool(DuplicateSearch.objects.filter(stale, pk=noted.pk).update(wanted_at=at))


@dataclass(frozen=True, slots=True)
class Compared:
    """What is needed of a record to compare it; kept small, as a hundred thousand are held at a time."""

    pk: int
    kind: str
    name: str
    told: Names
    email: str
    numbers: frozenset[str]
    family: int | None


def _ranked(kind: Kind[Any]) -> Iterator[LikelyPair]:
    """The candidates that are alike enough. Each record is read once or, among very many, a few times."""
    held: dict[int, Compared] = {}
    for batch in _batches(_candidates(kind)):
        if len(held) > _HELD:
            held.clear()
        held |= _read(kind, {pk for pair in batch for pk in pair} - held.keys())
        for first, second in batch:
            if first in held and second in held:
                yield from _pair(kind, held[first], held[second])


def _read(kind: Kind[Any], pks: set[int]) -> dict[int, Compared]:
    columns = (*kind.columns, "email_normalised", "phone_e164", "other_phone_e164")
    rows = kind.model._default_manager.select_related(*kind.joins).only(*columns).filter(pk__in=pks)
    called = [(row, kind.names_of(row)) for row in rows] if pks else []
    lines = lines_of(name for _row, names in called for name in names)
    return {
        row.pk: Compared(
            row.pk,
            row.kind,
            row.name,
            names.told(lines),
            row.email_normalised,
            frozenset({row.phone_e164, row.other_phone_e164} - {""}),
            kind.family_of(row) if kind.by_family else None,
        )
        for row, names in called
    }


def _pair(kind: Kind[Any], one: Compared, other: Compared) -> Iterator[LikelyPair]:
    score, reasons = weigh(_common(one, other), likeness(one.told, other.told))
    if score >= LIKELY and kind.pairs(one, other):
        yield LikelyPair(kind=kind.key, first=one.pk, second=other.pk, score=score, reasons=list(reasons))


def _common(one: Compared, other: Compared) -> Iterator[Reason]:
    """What two records have in common beside their names."""
    if one.email and one.email == other.email:
        yield Reason.EMAIL
    elif (domain := company_domain(one.email)) and domain == company_domain(other.email):
        yield Reason.DOMAIN
    if one.numbers & other.numbers:
        yield Reason.PHONE
    if one.family is not None and one.family == other.family:
        yield Reason.FAMILY


def _candidates(kind: Kind[Any]) -> Iterator[tuple[int, int]]:
    place = kind.place
    query = _PAIRS.format(table=place.table, words=place.words, who=place.who, where=place.pairable)
    # A cursor of the server's: the pairs stay there until they are asked for.
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, {"most": MEANINGLESS, "kind": kind.key})
        while rows := cursor.fetchmany(_BATCH):
            yield from rows


def _batches(pairs: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    source = iter(pairs)
    while batch := list(islice(source, _BATCH)):
        yield batch
