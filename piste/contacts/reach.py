"""Further e-mails and phones of a customer, each with what it is for: `private:anne@example.com`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piste.core.text import fold


class Purpose(models.TextChoices):
    """What an address or a number is for."""

    WORK = "work", pgettext_lazy("address", "work")
    PRIVATE = "private", pgettext_lazy("address", "private")
    INVOICES = "invoices", pgettext_lazy("address", "invoices")
    SWITCHBOARD = "switchboard", _("switchboard")
    FAX = "fax", _("fax")
    OTHER = "other", pgettext_lazy("address", "other")


def split(text: str) -> tuple[str, str]:
    """Purpose and address; the purpose is read as a word of the reader's language too, and empty without one."""
    word, sep, address = text.partition(":")
    if not sep:
        return "", text.strip()
    found = [one.value for one in Purpose if fold(word.strip()) in (one.value, fold(str(one.label)))]
    return (found[0], address.strip()) if found else ("", text.strip())


def stored(text: str) -> str:
    """What the column keeps of a line that somebody wrote."""
    purpose, address = split(text)
    return f"{purpose}:{address}" if purpose else address


def written(text: str) -> str:
    """The line as somebody edits it, with the purpose in the reader's language."""
    purpose, address = split(text)
    return f"{Purpose(purpose).label}: {address}" if purpose else address


class ReachField(ArrayField):  # type: ignore[type-arg]
    """A column of such addresses."""

    def deconstruct(self) -> Any:
        """The same column as before they had purposes."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", args, kwargs

    def printed(self, values: Sequence[str]) -> str:
        """As people read them: the address, then what it is for."""
        parts = [split(text) for text in values]
        return ", ".join(
            f"{address} ({Purpose(purpose).label})" if purpose else address for purpose, address in parts
        )
