"""Which column of a file fills which field, judged by its title in French or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from django.utils import translation
from django_stubs_ext import StrOrPromise
from rapidfuzz import fuzz

from piste.core.text import fold

LANGUAGES = ("fr", "en")

#: How sure a match is: the very title, the title of another program with its prefix or unit, one that
#: often means it. A similar spelling comes last.
EXACT, CLEANED, LIKELY = 100, 95, 80
_SIMILAR, _SIMILAR_WORTH, _SHORTEST = 87, 0.7, 5


@dataclass(frozen=True, slots=True)
class Field:
    """What a column may fill: a field, its label, and how other programs call it."""

    name: str
    label: StrOrPromise
    titles: tuple[str, ...] = ()
    #: Titles that usually mean this field, unless a better column does.
    likely: tuple[str, ...] = ()


#: For each field the titles that mean it surely, and those that are likely to.
Vocabulary: TypeAlias = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Match:
    """A column and the field it fills; no field means that it is passed over."""

    place: int
    title: str
    field: str = ""
    confidence: int = 0


@dataclass(frozen=True, slots=True)
class Matching:
    """All columns of a file with their fields, and the program that wrote it if it is a known one."""

    product: str
    columns: tuple[Match, ...] = field(default=())

    def places(self) -> dict[str, int]:
        """Field by field, the place of its column."""
        return {match.field: match.place for match in self.columns if match.field}


#: How exports of Pipedrive put the record's name before each title.
_PREFIXES = {
    "Pipedrive": ("deal - ", "person - ", "organization - ", "organisation - ", "affaire - ", "personne - "),
}
#: Titles that only exports of these programs have.
_SIGNS = {
    "Odoo": """
        opportunity, opportunité, expected revenue, planned revenue, revenu espéré, revenus espérés,
        revenu attendu, revenus attendus, sales team, équipe commerciale, expected closing, clôture prévue,
        fermeture prévue, external id, id externe, salesperson, vendeur, display name, nom d'affichage,
        related company, société liée, is a company, est une société, company type, lost reason,
        recurring plan, zip, street2, partner_id, user_id, team_id, stage_id, partner_name, date_deadline,
        partner_id/name, user_id/name, stage_id/name, team_id/name, tag_ids, tag_ids/name
    """,
    "HubSpot": """
        deal name, deal stage, deal owner, pipeline, close date, associated company, associated contact,
        create date, record id, contact owner, company owner, lead status, lifecycle stage,
        amount in company currency, associated company ids, associated contact ids, nom de la transaction,
        phase de la transaction, propriétaire de la transaction, date de fermeture, entreprise associée,
        contact associé, propriétaire du contact, propriétaire de l'entreprise, phase du cycle de vie
    """,
}
_ENOUGH_SIGNS = 2


def product_of(header: Sequence[str]) -> str:
    """The program whose export has such titles; empty for none that Piste knows."""
    folded = [fold(title) for title in header]
    for name, prefixes in _PREFIXES.items():
        if sum(title.startswith(prefixes) for title in folded) >= _ENOUGH_SIGNS:
            return name
    words = set(map(normal, header))
    hits = {name: len(words & set(titles(signs))) for name, signs in _SIGNS.items()}
    best = max(hits, key=hits.__getitem__)
    return best if hits[best] >= _ENOUGH_SIGNS else ""


def vocabulary(text: str, base: Vocabulary | None = None) -> Vocabulary:
    """Fields with their titles, from lines like `name: title, deal name` and `name?: project`."""
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = dict(base or {})
    for entry in text.strip().replace("\n    ", " ").splitlines():
        name, _colon, listed = entry.partition(":")
        sure, likely = found.get(name.rstrip("?"), ((), ()))
        pair = (sure, likely + titles(listed)) if name.endswith("?") else (sure + titles(listed), likely)
        found[name.rstrip("?")] = pair
    return found


def titles(text: str) -> tuple[str, ...]:
    """Titles written one after the other with commas between, in normal form."""
    return tuple(normal(title) for title in text.split(","))


def match(header: Sequence[str], fields: Iterable[Field], *, prefixes: Sequence[str] = ()) -> Matching:
    """Give each column at most one field and each field one column, the surest first.

    `prefixes` are names of the record itself that other programs put before a title (`Deal - Value`).
    """
    known = [_Known(field.name, _names(field), frozenset(map(normal, field.likely))) for field in fields]
    # The surest first; among equals the first column, and the first field in the order of the form.
    pairs = sorted(
        (-_confidence(title, one, prefixes), place, order)
        for place, title in enumerate(header)
        for order, one in enumerate(known)
    )
    found: dict[int, Match] = {}
    taken: set[int] = set()
    for negative, place, order in pairs:
        if negative and place not in found and order not in taken:
            found[place] = Match(place, header[place], known[order].field, -negative)
            taken.add(order)
    columns = (found.get(place, Match(place, title)) for place, title in enumerate(header))
    return Matching(product_of(header), tuple(columns))


@dataclass(frozen=True, slots=True)
class _Known:
    field: str
    names: frozenset[str]
    likely: frozenset[str]


def _confidence(title: str, known: _Known, prefixes: Sequence[str]) -> int:
    forms = list(_forms(title, prefixes))
    if forms[0] in known.names:
        return EXACT
    if any(form in known.names for form in forms):
        return CLEANED
    if any(form in known.likely for form in forms):
        return LIKELY
    if len(forms[-1]) < _SHORTEST or forms[0].split(" ")[-1] in ("id", "ids"):
        return 0
    return max((_similarity(forms[-1], name) for name in known.names), default=0)


@lru_cache(maxsize=20_000)
def _similarity(title: str, name: str) -> int:
    if len(name) < _SHORTEST:
        return 0
    score = fuzz.token_sort_ratio(title, name, score_cutoff=_SIMILAR)
    return int(score * _SIMILAR_WORTH)


def _forms(title: str, prefixes: Sequence[str]) -> Iterator[str]:
    """The title in normal form; without what stands in brackets; without the record's name before it."""
    yield normal(title)
    bare = normal(title.partition("(")[0] or title)
    yield bare
    for prefix in prefixes:
        if bare.startswith(prefix + " "):
            yield bare.removeprefix(prefix + " ")


@lru_cache(maxsize=20_000)
def normal(title: str) -> str:
    """The words of a title: lower case, no accents, no signs."""
    return " ".join("".join(char if char.isalnum() else " " for char in fold(title)).split())


def _names(field: Field) -> frozenset[str]:
    names = {field.name, *field.titles}
    for language in LANGUAGES:
        with translation.override(language):
            names.add(str(field.label))
    return frozenset(map(normal, names))
