"""Countries by ISO 3166 code, named in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

from piste.core.text import fold

# Codes that Babel lists beside countries: regions, groups and exceptional reservations.
_NO_COUNTRY = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}


@lru_cache
def _names(language: str) -> dict[str, str]:
    territories = Locale(language).territories
    named = {c: n for c, n in territories.items() if len(c) == 2 and c.isalpha() and c not in _NO_COUNTRY}
    return dict(sorted(named.items(), key=lambda item: fold(item[1])))


def countries() -> list[tuple[str, str]]:
    """Code and name, in order of the name."""
    return list(_names(get_language() or "en").items())


def country_name(code: str) -> str:
    return _names(get_language() or "en").get(code, code)


@lru_cache
def _codes() -> dict[str, str]:
    known = {fold(name): code for language in ("fr", "en") for code, name in _names(language).items()}
    return known | {code.lower(): code for code in _names("en")}


def country_code(text: str) -> str | None:
    """The code of a country named in French or English or by its code."""
    return _codes().get(fold(text))
