"""E-mail addresses and phone numbers brought to one form, so that equal ones compare equal."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from django.db import models
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email


class Quality(models.TextChoices):
    """What is known of an address or number without trying it."""

    CORRECT = "correct", _("correct")
    INCORRECT = "incorrect", _("incorrect")
    EMPTY = "empty", _("empty")


@lru_cache(maxsize=4096)
def email(text: str) -> tuple[str, Quality]:
    """The bare lower-case address if the text holds exactly one, and whether any in it is valid."""
    text = text.strip()
    if not text:
        return "", Quality.EMPTY
    if (whole := _address(text)) is not None:
        return whole, Quality.CORRECT
    found = {address for part in _SEPARATORS.split(text) if (address := _address(part)) is not None}
    if not found:
        return "", Quality.INCORRECT
    return found.pop() if len(found) == 1 else "", Quality.CORRECT


_SEPARATORS = re.compile(r"[,;\s]+")


def _address(text: str) -> str | None:
    """The address that the text is, alone or after a name, in lower case."""
    if text.endswith(">") and text.count("<") == 1:
        text = text[text.rindex("<") + 1 : -1]
    try:
        # The `.example` and `.test` domains are for samples and tests; no mail is tried here.
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        return None


@lru_cache(maxsize=4096)
def phone(text: str, country: str) -> tuple[str, Quality]:
    """The number in E.164 (`+33261914012`), read as dialled in the country, and whether it is valid."""
    if not text.strip():
        return "", Quality.EMPTY
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return "", Quality.INCORRECT
    if not phonenumbers.is_valid_number(number):
        return "", Quality.INCORRECT
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), Quality.CORRECT


@lru_cache(maxsize=4096)
def shown_phone(text: str, country: str, *, international: bool) -> str:
    """The number as people write it; numbers abroad and unreadable ones keep their own form."""
    e164, quality = phone(text, country)
    if quality != Quality.CORRECT:
        return text
    number = phonenumbers.parse(e164)
    abroad = phonenumbers.region_code_for_number(number) != country
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(
        number, form.INTERNATIONAL if international or abroad else form.NATIONAL
    )


def website(text: str) -> str:
    """The address with its scheme: `https://` is added where none was typed."""
    text = text.strip()
    return text if not text or "://" in text else f"https://{text}"
