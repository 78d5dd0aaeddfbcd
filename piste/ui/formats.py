"""Numbers, money and days as the reader writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_compact_currency, format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

Number = Decimal | int | float


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse({"en": "en_GB"}.get(language, language))


def locale() -> Locale:
    return _locale(get_language() or "en")


@lru_cache(maxsize=8192)
def _money(amount: Decimal, currency: str, language: str) -> str:
    whole = amount == amount.to_integral_value()
    return format_currency(
        amount,
        currency,
        locale=_locale(language),
        format=_pattern(language, whole=whole),
        currency_digits=False,
    )


@lru_cache
def _pattern(language: str, *, whole: bool) -> str:
    pattern = str(_locale(language).currency_formats["standard"].pattern)
    return pattern.replace(".00", "") if whole else pattern


def money(amount: Number | None, currency: str) -> str:
    """An amount with its currency; cents only where there are any."""
    if amount is None:
        return ""
    exact = Decimal(amount).quantize(Decimal("0.01"))
    return _money(exact, currency, get_language() or "en")


def money_compact(amount: Number, currency: str) -> str:
    """An amount in few characters: 12,4 k€."""
    return format_compact_currency(amount, currency, locale=locale(), fraction_digits=1)


def counted(count: int, one: str, many: str) -> str:
    """The noun after a number: French says "0 fiche", English "0 records"."""
    return one if locale().plural_form(count) == "one" else many


def number(value: Number | None) -> str:
    return "" if value is None else format_decimal(value, locale=locale())


@lru_cache(maxsize=512)
def _percent(value: Number, language: str) -> str:
    text = format_decimal(round(Decimal(value)), locale=_locale(language))
    return f"{text}\u00a0%" if language == "fr" else f"{text}%"


def percent(value: Number | None) -> str:
    """A share given in percent: 47 %."""
    return "" if value is None else _percent(value, get_language() or "en")


@lru_cache(maxsize=4096)
def _day(when: date, this_year: int, language: str) -> str:
    skeleton = "dMMM" if when.year == this_year else "yMMMd"
    return str(format_skeleton(skeleton, when, locale=_locale(language)))


def day(when: date | datetime | None) -> str:
    """A day in few characters; the year only when it is not this one."""
    if when is None:
        return ""
    return _day(_local_day(when), timezone.localdate().year, get_language() or "en")


def long_day(when: date | datetime | None) -> str:
    return "" if when is None else format_date(_local_day(when), format="long", locale=locale())


def month(when: date) -> str:
    return str(format_skeleton("yMMM", when, locale=locale()))


def moment(when: datetime | None) -> str:
    """Day and time on the reader's clock."""
    if when is None:
        return ""
    return format_datetime(timezone.localtime(when), format="d MMM y HH:mm", locale=locale())


def ago(when: datetime | None, now: datetime | None = None) -> str:
    """How long ago, in one unit; the day itself after a week."""
    if when is None:
        return ""
    minutes = int(((now or timezone.now()) - when).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(count)s min ago") % {"count": minutes}
    hours = minutes // 60
    if hours < 24:
        return _("%(count)s h ago") % {"count": hours}
    if hours < 7 * 24:
        days = hours // 24
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    return day(when)


def days_short(count: int) -> str:
    """A length of time on a card: 12 d."""
    return _("%(count)s d") % {"count": count}


def initials(name: str) -> str:
    """Two letters for an avatar: of the first two words, or the first two of the only one."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[1][0]).upper()


def _local_day(when: date | datetime) -> date:
    return timezone.localtime(when).date() if isinstance(when, datetime) else when
