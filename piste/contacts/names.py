"""The words that tell names apart, as the database splits them: folded, without legal forms and articles.

The function `name_words(text)` is in the migration contacts 0005; nothing else takes names to pieces, so all
who compare names agree. The indexes are over it, and no column holds the words.
"""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, TextField


class NameWords(Func):
    """The words of one or several columns together, for an index and for searching by it."""

    function = "name_words"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class NameText(Func):
    """The same words in a line, sorted, as names are compared."""

    template = "array_to_string(tsvector_to_array(name_words(%(expressions)s)), ' ')"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class MailDomain(Func):
    """What stands behind the @ of a normalised address."""

    template = "split_part(%(expressions)s, '@', 2)"
    output_field = TextField()
