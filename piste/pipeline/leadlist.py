"""How leads look in a list and on a board: who waits, how well they can be reached, how good they seem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from markupsafe import Markup

from piste.contacts.normalise import Quality
from piste.ui import formats
from piste.ui.jinja import icon
from piste.ui.modes import Drawing, Look, Printing
from piste.ui.pages import Figure

#: A lead should not wait longer, and never as long as this.
WAITS, WAITS_LONG = timedelta(hours=4), timedelta(days=1)
TAGS_SHOWN = 3

_QUALITY = {
    Quality.CORRECT: ("circle-check", "good", gettext_lazy("looks right")),
    Quality.INCORRECT: ("triangle-alert", "bad", gettext_lazy("cannot be right")),
}


def late() -> Q:
    """Open leads that nobody has looked at for longer than they should wait."""
    return Q(status="open", opened_at=None, created_at__lt=timezone.now() - WAITS)


def length(span: timedelta) -> str:
    """A length of time in its one or two largest units: 40 min, 3 h, 2 d 3 h."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("%(count)s min") % {"count": minutes}
    days, hours = divmod(minutes // 60, 24)
    told = [formats.days_short(days)] if days else []
    if hours and days < 7:
        told.append(_("%(count)s h") % {"count": hours})
    return " ".join(told)


def waiting(
    created_at: datetime, opened_at: datetime | None, status: str, now: datetime
) -> tuple[str, str, str]:
    """How long a lead waits or waited, how bad that is, and the whole sentence."""
    if opened_at is not None:
        text = length(opened_at - created_at)
        return text, "answered", _("opened after %(time)s") % {"time": text}
    if status != "open":
        return "", "", ""
    span = now - created_at
    tone = "overdue" if span > WAITS_LONG else "slow" if span > WAITS else "new"
    text = length(span)
    return text, tone, _("created %(time)s ago, nobody has opened it") % {"time": text}


_ICONS = {"overdue": "circle-alert", "slow": "clock", "new": "", "answered": "eye"}


def draw_name(lead: Any, _look: Look) -> Markup:
    who = lead.company_name or lead.contact_name
    return Markup("{}<small>{}</small>").format(lead.name, who) if who else Markup("{}").format(lead.name)


def draw_waiting(lead: Any, _look: Look) -> Markup:
    text, tone, told = waiting(lead.created_at, lead.opened_at, lead.status, timezone.now())
    if not text:
        return Markup('<span class="void">—</span>')
    sign = icon(_ICONS[tone]) if _ICONS[tone] else ""
    return Markup('<span class="waits {}" title="{}">{}{}</span>').format(tone, told, sign, text)


def draw_score(lead: Any, _look: Look) -> Markup:
    share = round(lead.probability)
    return Markup(
        '<span class="score">{}<svg class="gauge" aria-hidden="true"><rect width="{}%" height="100%" /></svg></span>'
    ).format(formats.number(share), share)


def draw_email(lead: Any, _look: Look) -> Markup:
    return _reach(lead.email, lead.email_quality)


def draw_phone(lead: Any, _look: Look) -> Markup:
    return _reach(lead.phone, lead.phone_quality)


def _reach(text: str, quality: str) -> Markup:
    if not text or quality not in _QUALITY:
        return Markup("{}").format(text)
    sign, tone, told = _QUALITY[Quality(quality)]
    return Markup('{}<span class="reach {}" title="{}">{}<span class="sr">{}</span></span>').format(
        text, tone, told, icon(sign), told
    )


def draw_source(lead: Any, _look: Look) -> Markup:
    if lead.source_id is None:
        return Markup("")
    return Markup('<span class="tag tone-grey">{}</span>').format(str(lead.source))


def draw_owner(lead: Any, _look: Look) -> Markup:
    if lead.owner_id is None:
        return Markup('<span class="assign">{}{}</span>').format(icon("user-plus"), _("Assign"))
    name = str(lead.owner)
    return Markup(
        '<span class="owner"><span class="avatar person-{}" aria-hidden="true">{}</span>{}</span>'
    ).format(lead.owner_id % 8, formats.initials(name), name.split(maxsplit=1)[0])


DRAWINGS = (
    Drawing("name", draw_name, gettext_lazy("Lead and company")),
    Drawing("email", draw_email),
    Drawing("phone", draw_phone),
    Drawing("source", draw_source),
    Drawing("probability", draw_score, gettext_lazy("Score")),
    Drawing("created_at", draw_waiting, gettext_lazy("Waiting")),
    Drawing("owner", draw_owner),
)

#: The columns a card needs, so that a board reads no more.
CARD_COLUMNS = (
    "name", "status", "priority", "colour", "probability", "company_name", "contact_name", "city", "created_at",
    "opened_at", "source__name", "source__name_en", "owner_id", "owner__name", "email_quality", "phone_quality",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """A lead as a card shows it."""

    pk: int
    url: str
    name: str
    tags: list[tuple[str, str]]
    more_tags: int
    who: str
    score: int
    priority: int
    source: str
    waits: str
    tone: str
    told: str
    sign: str
    owner_initials: str
    owner_name: str
    owner_tone: int
    colour: str
    status: str


def card(row: Any, tags: Sequence[Any], printing: Printing) -> Card:
    """The card of a lead, from the columns above; of waiting it tells the full hours."""
    # A card is kept for an hour, and a lead may be younger than that.
    now = max(printing.now, row.created_at)
    text, tone, told = waiting(row.created_at, row.opened_at, row.status, now)
    if tone == "new" and now - row.created_at < timedelta(hours=1):
        text = _("new")
    owner = row.owner__name or ""
    source = row.source__name_en if printing.language == "en" and row.source__name_en else row.source__name
    return Card(
        pk=row.id,
        url=f"/leads/{row.id}/",
        name=row.name,
        tags=[(str(tag), tag.colour) for tag in tags[:TAGS_SHOWN]],
        more_tags=max(0, len(tags) - TAGS_SHOWN),
        who=" · ".join(part for part in (row.company_name, row.contact_name, row.city) if part),
        score=round(row.probability),
        priority=row.priority,
        source=source or "",
        waits=text,
        tone=tone,
        told=told,
        sign=_ICONS.get(tone, ""),
        owner_initials=formats.initials(owner) if owner else "",
        owner_name=owner,
        owner_tone=(row.owner_id or 0) % 8,
        colour=row.colour,
        status=row.status,
    )


def sums(_look: Look) -> dict[str, Aggregate]:
    """What the figures above the leads are made of."""
    is_open = Q(status="open")
    return {
        "opens": Count("stage_id", filter=is_open),
        "free": Count("stage_id", filter=is_open & Q(owner=None)),
        "late": Count("stage_id", filter=late()),
        "score": Sum("probability", filter=is_open),
    }


def figures(look: Look, found: dict[str, Any]) -> list[Figure]:
    """The figures as printed, each with the address of its leads."""
    opens = found["opens"] or 0
    average = formats.number(round((found["score"] or 0) / opens)) if opens else "—"
    return [
        Figure(pgettext("sum of deals", "Open"), formats.number(opens), url=look.address(filters=("open",))),
        Figure(
            _("Unassigned"),
            formats.number(found["free"] or 0),
            url=look.address(filters=("unassigned", "open")),
        ),
        Figure(
            _("Waiting more than %(time)s") % {"time": length(WAITS)},
            formats.number(found["late"] or 0),
            url=look.address(filters=("late",)),
        ),
        Figure(_("Average score"), average),
    ]
