"""Finding the few rows among a million that are worth comparing: by keys that indexes answer at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from piste.contacts.freemail import company_domain
from piste.contacts.likeness import Names, Reason

#: An address, a number or a domain that more rows share says nothing about any of them.
MEANINGLESS = 20
#: A word that more rows hold is too common to gather by.
RARE = 500
#: So many words of a name are searched for at most, and so many rows taken.
_WORDS, _MOST, _FAMILY = 4, 120, 50
#: Words from this length on are also found by their beginning: people err in endings, though not of numbers.
_BEGINNING = 5


@dataclass(frozen=True, slots=True)
class Keys:
    """What a record is recognised by; `pk` is left out of what is found, `family` is a company's key."""

    names: Names
    email: str = ""
    phones: tuple[str, ...] = ()
    family: int | None = None
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A table to search: its words as they are indexed, and the condition for a company's family.

    For pairs also the words of whom a row is about, and which rows may be one of a pair.
    """

    table: str
    words: str
    index: str
    family: str
    who: str
    pairable: str


# How often words occur, from the statistics that PostgreSQL keeps of the index: a word not there is rare.
_COUNTS = """
WITH common AS (
    SELECT word, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) e(word, share)
    WHERE schemaname = current_schema() AND tablename = %(index)s AND word IS NOT NULL
), asked AS (
    SELECT place, word, left(word, greatest(4, length(word) - 2)) AS beginning
    FROM unnest(%(names)s::text[]) WITH ORDINALITY n(name, place), unnest(tsvector_to_array(name_words(name))) word
)
SELECT asked.place, asked.word, asked.beginning, total * coalesce(common.share, 0),
    total * coalesce((SELECT sum(share) FROM common other WHERE starts_with(other.word, asked.beginning)), 0)
FROM asked LEFT JOIN common USING (word), (SELECT greatest(reltuples, 0) AS total FROM pg_class
    WHERE oid = %(table)s::regclass) size
"""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name, and about how many rows hold it, or one with its beginning."""

    text: str
    beginning: str
    count: float
    beginnings: float

    @property
    def query(self) -> str:
        """The word as something to gather by; nothing if it is too common."""
        if len(self.text) >= _BEGINNING and self.text.isalpha() and self.beginnings <= RARE:
            return f"{quoted(self.beginning)}:*"
        return quoted(self.text) if self.count <= RARE else ""


_COMMON = """
SELECT word, share * (SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = %(table)s::regclass)
FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) e(word, share)
WHERE schemaname = current_schema() AND tablename = %(index)s AND word IS NOT NULL
"""


def common_words(place: Place) -> dict[str, float]:
    """The words that many rows hold, and about how many. All others are rare."""
    with connection.cursor() as cursor:
        cursor.execute(_COMMON, {"index": place.index, "table": place.table})
        return dict(cursor.fetchall())


def quoted(word: str) -> str:
    """A word as a query for words says it."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def words_of(names: Sequence[str], place: Place) -> list[list[Word]]:
    """The telling words of each name. One query."""
    if not any(names):
        return []
    found: list[list[Word]] = [[] for _name in names]
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"index": place.index, "names": list(names), "table": place.table})
        for number, *word in cursor.fetchall():
            found[number - 1].append(Word(*word))
    return found


def gathered(keys: Keys, words: Sequence[Sequence[Word]], place: Place) -> dict[int, set[Reason]]:
    """The rows that have a key in common, and which; those for their name only, with none. One query."""
    wanted = list(_wanted(keys, words, place))
    if not wanted:
        return {}
    parts, values = zip(*wanted, strict=True)
    merged: dict[str, Any] = {"pk": keys.pk or 0}
    for more in values:
        merged |= more
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), merged)
        rows = cursor.fetchall()
    return _telling(rows)


def _wanted(keys: Keys, words: Sequence[Sequence[Word]], place: Place) -> list[tuple[str, Mapping[str, Any]]]:
    """A statement for each key there is, with its values."""
    # The table and the conditions are written in this code; values go beside.
    one = f"(SELECT id, '{{}}' FROM {place.table} WHERE {{}} AND id <> %(pk)s LIMIT {{}})"  # noqa: S608
    most = MEANINGLESS + 1
    found: list[tuple[str, Mapping[str, Any]]] = []
    if keys.email:
        by = "email_normalised = %(email)s AND email_normalised <> ''"
        found.append((one.format(Reason.EMAIL.value, by, most), {"email": keys.email}))
    for column in ("phone_e164", "other_phone_e164") if keys.phones else ():
        by = f"{column} = ANY(%(phones)s) AND {column} <> ''"
        found.append((one.format(Reason.PHONE.value, by, most), {"phones": list(keys.phones)}))
    if domain := company_domain(keys.email):
        by = "split_part(email_normalised, '@', 2) = %(domain)s AND email_normalised <> ''"
        found.append((one.format(Reason.DOMAIN.value, by, most), {"domain": domain}))
    if keys.family is not None:
        found.append((one.format(Reason.FAMILY.value, place.family, _FAMILY), {"family": keys.family}))
    for name, query in (("whole", _whole(words)), ("rare", _rare(words))):
        if query:
            by = f"{place.words} @@ %({name})s::tsquery"
            found.append((one.format(Reason.NAME.value, by, _MOST), {name: query}))
    return found


def _whole(words: Sequence[Sequence[Word]]) -> str:
    """Rows that hold all words of one of the names, however common each."""
    several = [sorted(name, key=lambda word: word.count)[:_WORDS] for name in words if len(name) > 1]
    return " | ".join("(" + " & ".join(quoted(word.text) for word in name) + ")" for name in several)


def _rare(words: Sequence[Sequence[Word]]) -> str:
    """Rows that hold one of the rarest words, or one that begins like it."""
    rarest = sorted((word for name in words for word in name), key=lambda word: word.count)
    return " | ".join(list(dict.fromkeys(word.query for word in rarest if word.query))[: _WORDS * len(words)])


def _telling(rows: Sequence[tuple[int, str]]) -> dict[int, set[Reason]]:
    """The reasons of each row, without the keys that too many share."""
    by_reason: dict[Reason, set[int]] = {}
    for pk, reason in rows:
        by_reason.setdefault(Reason(reason), set()).add(pk)
    found: dict[int, set[Reason]] = {}
    for reason, pks in by_reason.items():
        said = reason in (Reason.EMAIL, Reason.PHONE, Reason.DOMAIN) and len(pks) > MEANINGLESS
        if said:
            continue
        for pk in pks:
            found.setdefault(pk, set()).update({reason} - {Reason.NAME})
    return found
