"""All records of a kind searched for pairs that may be the same; done by the worker, at night and when asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from piste.contacts.duplicates import Kind
from piste.contacts.freemail import company_domain
from piste.contacts.gathering import MEANINGLESS
from piste.contacts.likeness import Names, Reason, likeness, weigh
from piste.contacts.models import DuplicateSearch, LikelyPair
from piste.contacts.names import lines_of

#: From this score on a pair is shown, and so many pairs of a kind are kept.
LEAST, KEPT = 65, 5_000
_BATCH = 4_000
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


def _ranked(kind: Kind[Any]) -> Iterator[LikelyPair]:
    """The candidates that are alike enough. Batches, so that a million records need no more memory."""
    lines: dict[str, str] = {}
    for batch in _batches(_candidates(kind)):
        rows = _rows(kind, {pk for pair in batch for pk in pair})
        called = {pk: kind.names_of(row) for pk, row in rows.items()}
        missing = {name for names in called.values() for name in names} - lines.keys()
        if len(lines) > 50 * _BATCH:
            lines.clear()
            missing = {name for names in called.values() for name in names}
        lines |= lines_of(missing)
        told = {pk: names.told(lines) for pk, names in called.items()}
        for first, second in batch:
            if first in rows and second in rows:
                yield from _pair(kind, rows[first], rows[second], told)


def _pair(kind: Kind[Any], one: Any, other: Any, told: dict[int, Names]) -> Iterator[LikelyPair]:
    alike = likeness(told[one.pk], told[other.pk])
    score, reasons = weigh(_common(kind, one, other), alike)
    if score >= LEAST and kind.pairs(one, other):
        yield LikelyPair(kind=kind.key, first=one.pk, second=other.pk, score=score, reasons=list(reasons))


def _common(kind: Kind[Any], one: Any, other: Any) -> Iterator[Reason]:
    """What two records have in common beside their names."""
    if one.email_normalised and one.email_normalised == other.email_normalised:
        yield Reason.EMAIL
    elif (domain := company_domain(one.email_normalised)) and domain == company_domain(
        other.email_normalised
    ):
        yield Reason.DOMAIN
    if _numbers(one) & _numbers(other):
        yield Reason.PHONE
    if kind.by_family and (family := kind.family_of(one)) and family == kind.family_of(other):
        yield Reason.FAMILY


def _numbers(row: Any) -> set[str]:
    return {row.phone_e164, row.other_phone_e164} - {""}


def _rows(kind: Kind[Any], pks: set[int]) -> dict[int, Any]:
    columns = (*kind.columns, "email_normalised", "phone_e164", "other_phone_e164")
    rows = kind.model._default_manager.select_related(*kind.joins).only(*columns)
    return {row.pk: row for row in rows.filter(pk__in=pks)}


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
