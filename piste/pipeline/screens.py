"""What salespeople see and do: the whole user interface of opportunities and the lists behind them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piste.contacts.models import Contact
from piste.pipeline import board, quick
from piste.pipeline.broughtforms import BroughtOpportunityForm
from piste.pipeline.celebration import reason_for
from piste.pipeline.customers import deals_of, worth
from piste.pipeline.forms import (
    AssignForm,
    LoseForm,
    LostReasonForm,
    MoveForm,
    OpportunityForm,
    RecurringPlanForm,
    StageForm,
    TagForm,
)
from piste.pipeline.kinds import now_a
from piste.pipeline.merging import DEALS
from piste.pipeline.models import Lead, LostReason, Opportunity, RecurringPlan, Stage
from piste.pipeline.models.lists import Gate
from piste.pipeline.page import opportunity_head
from piste.pipeline.similar import similarity
from piste.ui.aggregate import GroupBy, Measure
from piste.ui.modes import Board, List
from piste.ui.pages import Page, Panel, add_figures, add_panel
from piste.ui.screen import Action, Quick, Screen, Summary, register
from piste.ui.search import Filter, Search

if TYPE_CHECKING:
    from piste.accounts.models import User

revenue = Measure("expected_revenue", name=_("Expected"))
prorated = Measure("prorated_revenue", name=_("Prorated"))
monthly = Measure("recurring_monthly", name=_("Per month"))

by_stage = GroupBy("stage", move="move_to")
by_closing = GroupBy("expected_close", "month", move="close_in")


def won_lately(_user: User) -> Q:
    """Won in the present month on the reader's clock."""
    first = timezone.localdate().replace(day=1)
    start = datetime.combine(first, datetime.min.time(), timezone.get_current_timezone())
    return Q(status="won", closed_at__gte=start)


mine = Filter("mine", _("My pipeline"), lambda user: Q(owner=user), group="whose", default=True)
my_teams = Filter(
    "my-teams",
    _("My teams"),
    lambda user: Q(
        team__in=list(user.teams.values_list("pk", flat=True))
        + list(user.leads_teams.values_list("pk", flat=True))
    ),
    group="whose",
)
unassigned = Filter("unassigned", _("Unassigned"), Q(owner=None), group="whose")
is_open = Filter(
    "open",
    pgettext_lazy("sum of deals", "Open"),
    Q(status="open", archived=False),
    group="status",
    default=True,
)
is_won_lately = Filter(
    "won-lately",
    _("Won this month"),
    lambda user: won_lately(user) & Q(archived=False),
    group="status",
    default=True,
)
is_won = Filter("won", pgettext_lazy("several", "Won"), Q(status="won", archived=False), group="status")
is_lost = Filter("lost", pgettext_lazy("several", "Lost"), Q(status="lost", archived=False), group="status")
archived = Filter("archived", pgettext_lazy("several", "Archived"), Q(archived=True), group="status")
overdue = Filter(
    "overdue",
    _("Closing passed"),
    lambda _u: Q(status="open", expected_close__lt=timezone.localdate()),
    group="dates",
)
undated = Filter("undated", _("No closing date"), Q(status="open", expected_close=None), group="dates")


def celebrate(deal: Any, _user: User, at: datetime) -> dict[str, Any]:
    """The message after a win, if there is something to celebrate."""
    return {"celebrate": reason_for(deal, at=at) or ""}


win = Action(
    "win",
    pgettext_lazy("act", "Won"),
    _("%(record)s is won."),
    bulk=True,
    icon="trophy",
    key="w",
    tone="success",
    fills=tuple(Gate.values),
    after=celebrate,
)
lose = Action(
    "lose",
    pgettext_lazy("act", "Lost"),
    _("%(record)s is lost."),
    form=LoseForm,
    bulk=True,
    icon="thumbs-down",
    key="l",
    tone="danger",
)
reopen = Action("reopen", _("Reopen"), _("%(record)s is open again."), bulk=True, icon="undo-2")
move = Action(
    "move",
    _("Move to stage"),
    _("%(record)s moved."),
    form=MoveForm,
    method="move_to",
    bulk=True,
    icon="arrow-right",
    key="m",
    fills=tuple(Gate.values),
)
assign = Action(
    "assign", _("Assign"), _("%(record)s assigned."), form=AssignForm, bulk=True, icon="user-plus", key="a"
)
tag = Action(
    "tag", _("Tags"), _("%(record)s tagged."), form=TagForm, method="add_tags", bulk=True, icon="tag", key="t"
)
automatic = Action(
    "automatic",
    _("Back to automatic probability"),
    _("The probability of %(record)s is automatic again."),
    method="rate_automatically",
    bulk=True,
    icon="rotate-ccw",
    offered=lambda deal: not deal.is_automatic,
)
tell_customer = Action(
    "update-contact",
    _("Give the customer this e-mail and phone"),
    _("The customer of %(record)s has its e-mail and phone."),
    method="update_contact",
    icon="user-check",
    offered=lambda deal: bool(deal.differing()),
)
archive = Action(
    "archive",
    _("Archive"),
    _("%(record)s archived."),
    bulk=True,
    icon="archive",
    offered=lambda deal: not deal.archived,
)
unarchive = Action(
    "unarchive",
    _("Take out of the archive"),
    _("%(record)s is back."),
    bulk=True,
    icon="undo-2",
    offered=lambda deal: deal.archived,
)

COLUMNS = ("name", "contact", "stage", "expected_revenue", "probability", "expected_close", "tags", "owner")
OFFERED = (
    "status", "team", "priority", "recurring_revenue", "recurring_monthly", "prorated_revenue", "email", "phone",
    "city", "country", "source", "medium", "campaign", "contact_name", "company_name", "lost_reason", "competitor",
    "created_at", "closed_at", "won_at", "lost_at", "days_to_assign", "days_to_close", "assigned_at",
    "stage_changed_at", "updated_at", "referred_by",
)  # fmt: skip

opportunities = register(
    Screen(
        model=Opportunity,
        slug="opportunities",
        title=_("Pipeline"),
        icon="kanban",
        keys="g p",
        create_keys="c o",
        form=OpportunityForm,
        brought=BroughtOpportunityForm,
        merge=DEALS,
        elsewhere=now_a(Lead),
        similar=similarity,
        search=Search(
            text=("search",),
            filters=(mine, my_teams, unassigned, is_open, is_won_lately, is_won, is_lost, archived, overdue, undated),
            group_by=(
                by_stage,
                GroupBy("owner"),
                GroupBy("team"),
                by_closing,
                GroupBy("priority"),
                GroupBy("source"),
                GroupBy("tags"),
                GroupBy("country"),
                GroupBy("city"),
                GroupBy("lost_reason"),
                GroupBy("created_at", "month"),
                GroupBy("closed_at", "month"),
            ),
            periods=("expected_close", "created_at", "closed_at"),
            builder=(
                "name", "stage", "owner", "team", "expected_revenue", "recurring_revenue", "probability",
                "expected_close", "priority", "tags", "status", "source", "medium", "campaign", "lost_reason",
                "contact_name", "company_name", "email", "phone", "city", "country", "created_at", "closed_at",
                "assigned_at", "stage_changed_at", "competitor", "referred_by",
            ),
            linked=("contact",),
        ),
        modes=(
            Board(
                group_by=by_stage,
                card=board.card,
                card_template="pipeline/opportunity_card.html",
                columns=board.CARD_COLUMNS,
                linked="tags",
                totals=(revenue, prorated, monthly),
                segments=board.SEGMENTS,
                lanes=board.stages_of,
                facts=board.stage_facts,
                quick=True,
            ),
            List(
                columns=COLUMNS,
                offered=OFFERED,
                editable=("name", "stage", "owner", "expected_revenue", "expected_close", "probability", "team",
                          "priority", "email", "phone", "source", "recurring_revenue", "city"),
                totals=(revenue, prorated),
                order=("-priority", "-id"),
                sort_by=(("contact", "contact__name_key"), ("owner", "owner__name"), ("stage", "stage__position"),
                         ("team", "team__name"), ("source", "source__name"), ("medium", "medium__name"),
                         ("campaign", "campaign__name"), ("lost_reason", "lost_reason__name")),
                muted="archived",
            ),
        ),
        page=Page(
            head=opportunity_head,
            groups=(
                (_("Deal"), ("expected_revenue", "recurring_revenue", "recurring_plan", "probability",
                             "expected_close", "owner", "team", "priority", "tags")),
                (_("Customer"), ("contact", "company_name", "contact_name", "job_position", "email", "phone",
                                 "mobile", "website")),
                (_("Address"), ("street", "street2", "postcode", "city", "state", "country")),
                (_("Origin"), ("source", "medium", "campaign", "referred_by", "language", "email_cc", "created_at",
                               "assigned_at", "closed_at")),
                (_("If lost"), ("lost_reason", "lost_note", "competitor", "revive_on")),
                (_("Internal notes"), ("description",)),
            ),
        ),
        actions=(win, lose, reopen, move, assign, tag, automatic, tell_customer, archive, unarchive),
        quick=Quick(quick.read),
        summary=Summary(board.sums, board.month_sums, board.open_parts, board.figures),
    )
)  # fmt: skip

STAGE_COLUMNS = ("name", "name_en", "position", "colour", "team", "is_won", "folded", "rotting_days")
stages = register(
    Screen(
        model=Stage,
        slug="stages",
        icon="kanban",
        form=StageForm,
        search=Search(text=("name", "name_en"), builder=("name", "team", "is_won", "folded")),
        modes=(
            List(
                columns=STAGE_COLUMNS,
                offered=("requirements",),
                editable=(
                    "name",
                    "name_en",
                    "position",
                    "colour",
                    "team",
                    "folded",
                    "rotting_days",
                    "requirements",
                ),
                order=("position", "id"),
                sort_by=(("team", "team__name"),),
            ),
        ),
        page=Page(groups=((_("Details"), (*STAGE_COLUMNS, "requirements", "required_fields")),)),
    )
)

REASON_COLUMNS = ("name", "name_en", "position", "needs_note", "ask_competitor", "revive_after", "archived")
lost_reasons = register(
    Screen(
        model=LostReason,
        slug="lost-reasons",
        icon="thumbs-down",
        form=LostReasonForm,
        search=Search(text=("name", "name_en"), builder=("name",)),
        modes=(
            List(
                columns=REASON_COLUMNS,
                editable=("name", "name_en", "position", "revive_after"),
                order=("position", "id"),
                muted="archived",
            ),
        ),
        page=Page(groups=((_("Details"), REASON_COLUMNS),)),
    )
)

PLAN_COLUMNS = ("name", "name_en", "months", "position", "archived")
plans = register(
    Screen(
        model=RecurringPlan,
        slug="recurring-plans",
        icon="undo-2",
        form=RecurringPlanForm,
        search=Search(text=("name", "name_en"), builder=("name", "months")),
        modes=(
            List(
                columns=PLAN_COLUMNS,
                editable=("name", "name_en", "months", "position"),
                order=("position", "id"),
                muted="archived",
            ),
        ),
        page=Page(groups=((_("Details"), PLAN_COLUMNS),)),
    )
)


add_figures(Contact, worth)
add_panel(
    Contact,
    Panel(
        "deals",
        _("Deals"),
        "pipeline/contact_deals.html",
        lambda contact, user: {"deals": list(deals_of(contact, user)[:100])},
        perm="pipeline.view_opportunity",
        count=lambda contact, user: deals_of(contact, user).count(),
    ),
)
