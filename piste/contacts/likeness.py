"""How alike two records are, from what they have in common: pure, and the same for customers and deals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

#: From this score on two records are called similar.
SIMILAR = 45


class Reason(models.TextChoices):
    """Why two records may be the same."""

    EMAIL = "email", _("same e-mail")
    PHONE = "phone", _("same phone")
    NAME = "name", _("similar name")
    FAMILY = "family", _("same customer")
    DOMAIN = "domain", _("same e-mail domain")


#: How much a reason alone says, from 0 to 1; a similar name says more the more similar it is.
_WEIGHTS = {Reason.EMAIL: 0.95, Reason.PHONE: 0.85, Reason.FAMILY: 0.6, Reason.DOMAIN: 0.5}
_ALIKE, _NAME_LEAST, _NAME_MOST = 0.8, 0.35, 0.7
_TITLE_ALIKE, _TITLE_WORTH = 0.9, 0.85
_OTHER_EMPLOYER, _PART = 0.6, 0.92


@dataclass(frozen=True, slots=True)
class Names:
    """What a record is called.

    `employer` is the company of `person`; namesakes in two companies are two people. `title` is a deal's name.
    """

    company: str = ""
    person: str = ""
    employer: str = ""
    title: str = ""

    def given(self) -> list[str]:
        """What to search by: who it is about, else the title; titles are made of common words."""
        return list(dict.fromkeys(filter(None, (self.company, self.person)))) or [self.title or ""]

    def told(self, lines: Mapping[str, str]) -> Names:
        """The same as lines of words, as `piste.contacts.names.lines_of` gives them."""
        return Names(*(lines.get(text, "") for text in self))

    def __iter__(self) -> Iterator[str]:
        return iter((self.company, self.person, self.employer, self.title))


def alike(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1. One that holds the whole other counts a little less."""
    if not one or not other:
        return 0.0
    whole = fuzz.token_sort_ratio(one, other)
    if " " in one and " " in other:
        whole = max(whole, fuzz.token_set_ratio(one, other) * _PART)
    return whole / 100


def likeness(one: Names, other: Names) -> float:
    """How alike the names of two records are: as companies, as people, or as deals."""
    company, person = alike(one.company, other.company), alike(one.person, other.person)
    if person and one.employer and other.employer and alike(one.employer, other.employer) < _OTHER_EMPLOYER:
        person *= _OTHER_EMPLOYER
    return max(company, person, _titled(one, other), _titled(other, one))


def _titled(one: Names, other: Names) -> float:
    """How alike a deal's name is to another's, or to a customer's while no customer is given."""
    if not one.title:
        return 0.0
    best = 0.0
    if not one.company and not one.person:
        held = [name for name in (other.company, other.person) if name]
        best = max((fuzz.token_set_ratio(one.title, name) / 100 * _PART for name in held), default=0.0)
    known = one.company and other.company
    if known and alike(one.company, other.company) < _OTHER_EMPLOYER:
        return best
    titles = alike(one.title, other.title)
    return max(best, titles * _TITLE_WORTH if titles >= _TITLE_ALIKE else 0.0)


def weigh(reasons: Iterable[Reason], names: float) -> tuple[int, tuple[Reason, ...]]:
    """The score of what was found in common, from 0 to 100, and the reasons that count, the strongest first."""
    weights = {reason: _WEIGHTS[reason] for reason in reasons if reason in _WEIGHTS}
    if names >= _ALIKE:
        share = (names - _ALIKE) / (1 - _ALIKE)
        weights[Reason.NAME] = _NAME_LEAST + share * (_NAME_MOST - _NAME_LEAST)
    if Reason.EMAIL in weights:
        # The domain is in the address already.
        weights.pop(Reason.DOMAIN, None)
    doubt = 1.0
    for weight in weights.values():
        doubt *= 1 - weight
    return round(100 * (1 - doubt)), tuple(sorted(weights, key=lambda reason: -weights[reason]))
