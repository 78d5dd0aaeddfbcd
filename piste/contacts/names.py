"""The words that tell names apart, as the database splits them: folded, without legal forms and articles.

The function `name_words(text)` is in the migration contacts 0005; nothing else takes names to pieces, so all
who compare names agree. The indexes are over it, and no column holds the words.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Func, TextField


class NameWords(Func):
    """The words of one or several columns together, for an index and for searching by it."""

    function = "name_words"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class MailDomain(Func):
    """What stands behind the @ of a normalised address."""

    template = "split_part(%(expressions)s, '@', 2)"
    output_field = TextField()


def lines_of(names: Iterable[str]) -> dict[str, str]:
    """Each name as a line of its words, sorted, as names are compared. One query."""
    asked = list({name for name in names if name})
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [asked])
        return dict(cursor.fetchall())


_LINES = "SELECT name, array_to_string(tsvector_to_array(name_words(name)), ' ') FROM unnest(%s::text[]) name"
