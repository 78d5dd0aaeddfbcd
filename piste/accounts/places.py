"""Countries, currencies and time zones to choose from, named in the reader's language."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from zoneinfo import available_timezones

from babel import Locale
from babel.numbers import get_territory_currencies
from django.utils.text import capfirst
from django.utils.translation import get_language

from piste.core.text import fold

Choices = list[tuple[str, str]]


@lru_cache
def _clocks() -> dict[str, str]:
    """The time zone in which most people of a country live: the first one that the tz database lists."""
    clocks: dict[str, str] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text().splitlines():
        if not line.startswith("#"):
            country, _place, zone, *_rest = line.split("\t")
            clocks.setdefault(country, zone)
    return clocks


@lru_cache
def _territories() -> frozenset[str]:
    """Codes of the countries that have a time and money of their own."""
    return frozenset(code for code in _clocks() if get_territory_currencies(code))


@lru_cache
def _countries(language: str) -> Choices:
    names = Locale(language).territories
    return sorted(((code, names[code]) for code in _territories() if code in names), key=_by_name)


@lru_cache
def _currencies(language: str) -> Choices:
    names = Locale(language).currencies
    used = {code for territory in _territories() for code in get_territory_currencies(territory)}
    return sorted(((code, f"{capfirst(names.get(code, code))} ({code})") for code in used), key=_by_name)


def _by_name(choice: tuple[str, str]) -> str:
    return fold(choice[1])


def countries() -> Choices:
    return _countries(get_language() or "en")


def currencies() -> Choices:
    return _currencies(get_language() or "en")


@lru_cache
def time_zones() -> list[tuple[str, Choices]]:
    """Cities by continent."""
    by_continent: dict[str, Choices] = {}
    for name in sorted(available_timezones()):
        continent, _slash, city = name.partition("/")
        if city and continent not in {"Etc", "SystemV", "posix", "right"}:
            by_continent.setdefault(continent, []).append((name, city.replace("_", " ")))
    return [*sorted(by_continent.items()), ("UTC", [("UTC", "UTC")])]


def time_zone_of(country: str) -> str:
    return _clocks().get(country, "UTC")
