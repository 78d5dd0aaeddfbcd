"""Filling `other_phone_e164` of what was written before there was such a column: rows, and their history with them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from piste.contacts import normalise

_BATCH = 2_000

_READ = """
SELECT {key}, phone, mobile, country FROM {table}
WHERE {key} > %s AND phone <> '' AND mobile <> '' AND other_phone_e164 = '' ORDER BY {key} LIMIT %s FOR UPDATE
"""
_WRITE = """
UPDATE {table} SET other_phone_e164 = found.number
FROM unnest(%s::bigint[], %s::text[]) found(key, number) WHERE {table}.{key} = found.key
"""
# Nothing has been done to the rows, so no event tells of it.
_QUIET = """
SELECT set_config('pgtrigger.ignore', coalesce(array_agg(tgname::text), '{}')::text, true)
FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_update_update_%%'
"""
_LOUD = "SELECT set_config('pgtrigger.ignore', '', true)"


def fill_other_phones(connection: Any, table: str, events: str, *, home: str) -> int:
    """Fill the rows of a table and all events of its history, batch by batch; how many have changed.

    Undo compares the events before and after an operation: were only the rows filled, the next operation on one
    would seem to have filled it, and to undo that would empty it again. `home` is the country of local numbers.
    """
    return _fill(connection, table, "id", home) + _fill(connection, events, "pgh_id", home)


def _fill(connection: Any, table: str, key: str, home: str) -> int:
    place, changed = 0, 0
    read, write = (text.format(table=table, key=key) for text in (_READ, _WRITE))
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(read, [place, _BATCH])
            rows = cursor.fetchall()
            if not rows:
                return changed
            place = rows[-1][0]
            numbers = {row: _other(phone, mobile, country or home) for row, phone, mobile, country in rows}
            found = {row: number for row, number in numbers.items() if number}
            cursor.execute(_QUIET, [table])
            cursor.execute(write, [list(found), list(found.values())])
            cursor.execute(_LOUD)
            changed += len(found)


def _other(phone: str, mobile: str, country: str) -> str:
    """The phone, where the mobile goes before it; empty for a number that is none."""
    if not normalise.phone(mobile, country)[0]:
        return ""
    return normalise.phone(phone, country)[0]
