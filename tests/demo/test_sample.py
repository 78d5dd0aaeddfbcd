"""The sample company as a newcomer finds it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count, Sum
from django.utils.translation import override
from pghistory.core import event_models

from piste.accounts.models import Company, Team, User
from piste.accounts.roles import Role
from piste.contacts.models import Contact, Tag
from piste.contacts.normalise import Quality
from piste.core.models import Operation
from piste.pipeline.models import Deal, Lead, LeadUse, Opportunity, PipelineSettings, Stage
from piste.site import demo
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("sample")
PARIS = ZoneInfo("Europe/Paris")


def test_is_marked_as_such() -> None:
    company = Company.get()

    assert (company.name, company.sample) == ("Atelier Breizh", True)


def test_has_somebody_of_each_kind_to_come_in_as() -> None:
    doors = {label: (person.name, person.role) for label, person in demo.people()}

    assert doors == {
        "Salesperson": ("Anne Le Goff", Role.SALESPERSON_OWN),
        "Manager": ("Marie Kervella", Role.MANAGER),
        "Administrator": ("Gwenn Ollivier", Role.ADMINISTRATOR),
    }


def test_gives_nobody_a_password() -> None:
    assert not any(person.has_usable_password() for person in User.objects.all())


def test_has_sixty_deals_over_two_years() -> None:
    begun = Opportunity.objects.order_by("created_at").values_list("created_at", flat=True)

    assert len(begun) == 60
    assert NOON - begun[0] > timedelta(days=720)
    assert len({(moment.year, moment.month) for moment in begun}) > 18


def test_has_leads_that_wait() -> None:
    waiting = Lead.objects.open().filter(opened_at=None)

    assert PipelineSettings.get().leads == LeadUse.ON
    assert (Lead.objects.count(), Lead.objects.open().count(), waiting.count()) == (12, 12, 11)
    assert waiting.filter(created_at__lt=NOON - timedelta(hours=4)).count() == 7
    kerbrat = Lead.objects.get(company_name="Maison Kerbrat")
    assert any(hit.is_strong for hit in Opportunity.objects.open().similar_to(kerbrat))


def test_has_a_board_of_the_team_as_in_the_drawing() -> None:
    team = Opportunity.objects.filter(team__name="Bretagne")
    this_month = datetime(2026, 3, 1, tzinfo=PARIS)

    def lane(rows: Any) -> tuple[int, int]:
        found = rows.aggregate(n=Count("pk"), worth=Sum("expected_revenue"))
        return found["n"], int(found["worth"])

    assert lane(team.open().filter(stage__name="Nouveau")) == (14, 86_400)
    assert lane(team.open().filter(stage__name="Qualifié")) == (9, 142_800)
    assert lane(team.open().filter(stage__name="Proposition")) == (6, 118_200)
    assert lane(team.won().filter(closed_at__gte=this_month)) == (5, 64_300)


def test_gives_the_salesperson_cards_in_every_lane() -> None:
    anne = User.objects.get(name="Anne Le Goff")
    shown = Opportunity.objects.for_user(anne).filter(owner=anne)

    lanes = Counter(deal.stage.name for deal in shown.exclude(status="lost").select_related("stage"))

    assert all(lanes[stage] >= 2 for stage in ("Nouveau", "Qualifié", "Proposition", "Gagné"))


def test_has_something_late_soon_later_and_undated() -> None:
    today, open_ = NOON.date(), Opportunity.objects.open()
    sunday = today + timedelta(days=4)

    assert open_.overdue(on=today).count() >= 3
    assert open_.filter(expected_close__range=(today, sunday)).count() >= 3
    assert open_.filter(expected_close__gt=sunday).count() >= 10
    assert open_.filter(expected_close=None).count() >= 3


def test_has_a_few_cards_that_stagnate() -> None:
    rotting = [
        deal.name
        for deal in Opportunity.objects.open().select_related("stage")
        if (NOON - deal.stage_changed_at).days > (deal.stage.rotting_days or 99)
    ]

    assert "Plateforme de réservation" in rotting
    assert 3 <= len(rotting) <= 8


def test_has_lost_and_reopened_deals() -> None:
    lost = Deal.objects.lost()

    assert lost.count() == 10
    assert not lost.filter(lost_reason=None).exists()
    assert Operation.objects.filter(command="opportunity.reopen").count() >= 3


def test_has_nobodys_deals_too() -> None:
    assert Deal.objects.open().unassigned().exists()


def test_says_tags_and_stages_in_both_languages() -> None:
    with override("en"):
        assert str(Tag.objects.get(name="Contrat")) == "Contract"
        assert [str(stage) for stage in Stage.objects.all()] == ["New", "Qualified", "Proposition", "Won"]


def test_has_stages_in_the_colours_of_the_drawing() -> None:
    assert [stage.colour for stage in Stage.objects.all()] == ["grey", "blue", "violet", "green"]


def test_has_customers_that_can_be_reached() -> None:
    wrong = Contact.objects.filter(phone_quality=Quality.INCORRECT) | Contact.objects.filter(
        email_quality=Quality.INCORRECT
    )

    assert not wrong.exists()
    assert Contact.objects.exclude(parent=None).count() > 20


def test_would_pass_its_own_forms() -> None:
    for row in (*Deal.objects.all(), *Contact.objects.all(), *User.objects.all(), *Team.objects.all()):
        try:
            row.full_clean(exclude=["password"])
        except ValidationError as error:
            pytest.fail(f"{row}: {error}")


def test_dates_every_change_by_when_it_happened() -> None:
    moments = dict(Operation.objects.values_list("pk", "at"))

    for events in event_models():
        for row in events._base_manager.all():
            assert row.pgh_created_at == moments[row.pgh_context_id] < NOON, row


def test_tells_each_deal_in_order_and_in_working_hours() -> None:
    # People ask at any hour; only what the company does has hours.
    events = Deal.pgh_event_model.objects.filter(kind="opportunity").order_by("pgh_obj_id", "pgh_id")  # type: ignore[attr-defined]
    told: dict[int, list[datetime]] = {}
    for row in events:
        told.setdefault(row.pgh_obj_id, []).append(row.pgh_created_at)

    assert len(told) == 60
    for moments in told.values():
        assert moments == sorted(moments)
        local = [moment.astimezone(PARIS) for moment in moments]
        assert all(moment.weekday() < 5 and 8 <= moment.hour < 18 for moment in local)


def test_dates_the_deals_themselves_by_their_history() -> None:
    for deal in Deal.objects.all():
        assert deal.created_at <= deal.stage_changed_at <= deal.updated_at < NOON
        assert deal.assigned_at in (None, deal.created_at)
        assert deal.closed_at in (None, deal.updated_at)


def test_remembers_what_the_pipeline_looked_like() -> None:
    then = NOON - timedelta(days=300)

    past = Opportunity.history.as_of(then)  # type: ignore[attr-defined]

    assert 10 < past.count() < 30
    assert past.filter(status="won").count() < Deal.objects.won().count()
    assert Opportunity.history.as_of(NOON).filter(status="open").count() == Opportunity.objects.open().count()  # type: ignore[attr-defined]


def test_keeps_every_constraint() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
