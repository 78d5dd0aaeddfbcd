"""What salespeople see and do with leads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piste.accounts.models import User
from piste.pipeline import leadlist, quick
from piste.pipeline.broughtforms import BroughtLeadForm
from piste.pipeline.convertforms import ConvertForm, ConvertManyForm, convert_many
from piste.pipeline.kinds import now_a
from piste.pipeline.leadforms import LeadForm
from piste.pipeline.leadoption import switch
from piste.pipeline.merging import DEALS
from piste.pipeline.models import Deal, Lead, Opportunity
from piste.pipeline.screens import (
    archive,
    assign,
    automatic,
    lose,
    my_teams,
    reopen,
    tag,
    tell_customer,
    unarchive,
)
from piste.pipeline.similar import similarity
from piste.ui import formats
from piste.ui.aggregate import GroupBy, Measure
from piste.ui.modes import Board, List, Look
from piste.ui.pages import Figure, Head, Page
from piste.ui.screen import Action, Quick, Screen, Summary, Tab, register
from piste.ui.search import Filter, Search

if TYPE_CHECKING:
    from piste.pipeline.models import Deal as AnyDeal

by_owner = GroupBy("owner")


def of_leads(action: Action) -> Action:
    """The action where the record is still a lead: somebody may have converted it meanwhile."""
    also = action.offered
    return replace(action, offered=lambda lead: lead.kind == Deal.Kind.LEAD and (also is None or also(lead)))


def people_of(look: Look) -> list[User]:
    """Whose lanes are always there: the reader's, and those of the people the reader works with."""
    people = User.objects.for_user(look.user).working()
    if not look.user.has_perm("pipeline.all_deals"):
        people = people.filter(pk=look.user.pk)
    return list(people.order_by("name", "pk")[:24])


def lead_head(lead: AnyDeal, user: User, _currency: str) -> Head:
    """Ribbon, score and waiting time; a salesperson's first look is noted."""
    ribbon = "archived" if lead.archived else "" if lead.status == Deal.Status.OPEN else lead.status
    share = round(lead.probability)
    figures = [
        Figure(
            _now("Score"),
            formats.number(share),
            "" if lead.is_automatic else _now("set by hand"),
            share=share,
            why_url=f"/leads/{lead.pk}/score/",
        )
    ]
    figures.append(Figure(_now("Waiting"), *_waits(lead)))
    unseen = lead.opened_at is None and lead.owner_id == user.pk and switch.allows(user, "change")
    seen_url = f"/leads/{lead.pk}/seen/" if unseen else ""
    return Head([], ribbon, tuple(figures), locked=lead.status != Deal.Status.OPEN, seen_url=seen_url)


def _waits(lead: AnyDeal) -> tuple[str, str]:
    text, _tone, told = leadlist.waiting(lead.created_at, lead.opened_at, lead.status, timezone.now())
    return text or "—", told


convert = Action(
    "convert",
    pgettext_lazy("act", "Convert"),
    _("%(record)s is an opportunity now."),
    form=ConvertForm,
    many_form=ConvertManyForm,
    together=convert_many,
    becomes=Opportunity,
    method="qualify",
    bulk=True,
    icon="arrow-right",
    key="shift+c",
    tone="success",
)

COLUMNS = ("name", "contact_name", "email", "phone", "source", "probability", "created_at", "owner")
OFFERED = (
    "company_name", "city", "team", "tags", "priority", "mobile", "expected_revenue", "country", "medium", "campaign",
    "contact", "job_position", "website", "status", "email_quality", "phone_quality", "language", "referred_by",
    "opened_at", "assigned_at", "closed_at", "days_to_assign", "days_to_close", "updated_at", "lost_reason",
)  # fmt: skip

leads = register(
    Screen(
        model=Lead,
        slug="leads",
        icon="target",
        keys="g l",
        create_keys="c l",
        form=LeadForm,
        brought=BroughtLeadForm,
        merge=DEALS,
        option=switch,
        elsewhere=now_a(Opportunity),
        similar=similarity,
        tabs=(
            Tab(_("To handle"), ("open",)),
            Tab(_("My leads"), ("mine", "open")),
            Tab(_("Unassigned"), ("unassigned", "open")),
            Tab(pgettext_lazy("several leads", "Lost"), ("lost",)),
            Tab(pgettext_lazy("several leads", "All"), ()),
        ),
        search=Search(
            text=("search",),
            filters=(
                Filter("mine", _("My leads"), lambda user: Q(owner=user), group="whose"),
                my_teams,
                Filter("unassigned", _("Unassigned"), Q(owner=None), group="whose"),
                Filter("open", pgettext_lazy("sum of deals", "Open"), Q(status="open", archived=False),
                       group="status", default=True),
                Filter("late", _("Waiting too long"), lambda _user: leadlist.late(), group="waiting"),
                Filter("lost", pgettext_lazy("several leads", "Lost"), Q(status="lost", archived=False),
                       group="status"),
                Filter("archived", pgettext_lazy("several", "Archived"), Q(archived=True), group="status"),
            ),
            group_by=(
                by_owner,
                GroupBy("team"),
                GroupBy("source"),
                GroupBy("medium"),
                GroupBy("campaign"),
                GroupBy("tags"),
                GroupBy("country"),
                GroupBy("city"),
                GroupBy("email_quality"),
                GroupBy("phone_quality"),
                GroupBy("lost_reason"),
                GroupBy("created_at", "month"),
                GroupBy("closed_at", "month"),
            ),
            periods=("created_at", "closed_at"),
            builder=(
                "name", "company_name", "contact_name", "email", "phone", "owner", "team", "tags", "country", "city",
                "source", "medium", "campaign", "language", "priority", "probability", "expected_revenue", "status",
                "email_quality", "phone_quality", "lost_reason", "created_at", "opened_at", "assigned_at",
                "closed_at", "days_to_assign", "referred_by",
            ),
        ),
        modes=(
            List(
                columns=COLUMNS,
                offered=OFFERED,
                editable=("contact_name", "email", "phone", "city", "source", "owner", "company_name", "team",
                          "priority", "mobile", "expected_revenue", "medium", "campaign", "job_position", "website"),
                totals=(Measure("expected_revenue", name=_("Expected")),),
                order=("created_at", "id"),
                sort_by=(("owner", "owner__name"), ("source", "source__name"), ("team", "team__name"),
                         ("medium", "medium__name"), ("campaign", "campaign__name"),
                         ("contact", "contact__name_key"), ("lost_reason", "lost_reason__name")),
                muted="archived",
                drawings=leadlist.DRAWINGS,
            ),
            Board(
                group_by=by_owner,
                card=leadlist.card,
                card_template="pipeline/lead_card.html",
                columns=leadlist.CARD_COLUMNS,
                linked="tags",
                lanes=people_of,
                order=("created_at", "id"),
                quick=True,
            ),
        ),
        page=Page(
            head=lead_head,
            groups=(
                (_("Lead"), ("owner", "team", "priority", "tags", "expected_revenue")),
                (_("Who"), ("company_name", "contact_name", "job_position", "email", "phone", "mobile", "website",
                            "contact", "language")),
                (_("Address"), ("street", "street2", "postcode", "city", "state", "country")),
                (_("Origin"), ("source", "medium", "campaign", "referred_by", "email_cc", "created_at",
                               "assigned_at", "opened_at", "closed_at")),
                (_("If lost"), ("lost_reason", "lost_note", "competitor", "revive_on")),
                (_("Internal notes"), ("description",)),
            ),
        ),
        actions=tuple(map(of_leads, (convert, assign, lose, tag, reopen, automatic, tell_customer, archive, unarchive))),
        quick=Quick(quick.read),
        summary=Summary(leadlist.sums, leadlist.sums, lambda _parts: {}, leadlist.figures),
    )
)  # fmt: skip
