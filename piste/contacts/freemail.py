"""Domains under which anybody may have an address: sharing one tells nothing of who somebody works for.

They are in `freemail.txt`, one a line. A domain stands for itself only: providers have one for each country.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def free_mail() -> frozenset[str]:
    return frozenset((files("piste.contacts") / "freemail.txt").read_text().split())


def company_domain(address: str) -> str:
    """The domain of a normalised address, if it is a company's; else nothing."""
    domain = address.rpartition("@")[2]
    return "" if domain in free_mail() else domain
