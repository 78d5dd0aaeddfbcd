"""The company's own lists: stages, lost reasons and recurring plans."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from piste.accounts.models import Team
from piste.contacts.models import unique_name
from piste.core.access import ScopedQuerySet
from piste.core.history import tracked
from piste.core.models import Colour, Named


class Gate(models.TextChoices):
    """Fields that a stage may ask for before a deal comes in."""

    REVENUE = "expected_revenue", _("Expected revenue")
    CLOSING = "expected_close", _("Expected closing")
    CUSTOMER = "contact", _("Customer")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    SOURCE = "source", _("Source")


class StageQuerySet(ScopedQuerySet["Stage"]):
    def of_team(self, team: Team | int | None) -> Self:
        """Shared stages and those of the team."""
        shared = Q(team=None)
        return self.filter(shared | Q(team=team) if team else shared)


@tracked()
class Stage(Named):
    """A step of the pipeline, for all teams or for one."""

    position = models.PositiveSmallIntegerField(_("order"), default=10)
    colour = models.CharField(_("colour"), max_length=8, choices=Colour, default=Colour.BLUE)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="stages", verbose_name=_("only for team")
    )
    is_won = models.BooleanField(_("won stage"), default=False, help_text=_("A deal that comes here is won."))
    folded = models.BooleanField(
        _("folded"), default=False, help_text=_("Shown narrow on the board; new deals never start here.")
    )
    requirements = models.TextField(
        _("requirements"), blank=True, help_text=_("What must be true before a deal comes here.")
    )
    required_fields = ArrayField(
        models.CharField(max_length=20, choices=Gate),
        verbose_name=_("required fields"),
        default=list,
        blank=True,
    )
    rotting_days = models.PositiveSmallIntegerField(
        _("stagnates after (days)"),
        null=True,
        blank=True,
        help_text=_("A deal that stays longer is marked; empty for never."),
    )

    objects = StageQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["position", "pk"]

    def get_absolute_url(self) -> str:
        return reverse("pipeline:stage_page", args=[self.pk])

    def serves(self, team: int | None) -> bool:
        """Whether deals of the team may be in this stage."""
        return self.team_id is None or self.team_id == team


@tracked()
class LostReason(Named):
    """Why deals are lost."""

    position = models.PositiveSmallIntegerField(_("order"), default=10)
    needs_note = models.BooleanField(_("needs a note"), default=False)
    ask_competitor = models.BooleanField(_("ask for the competitor"), default=False)
    revive_after = models.PositiveSmallIntegerField(_("revive after (months)"), null=True, blank=True)
    archived = models.BooleanField(_("archived"), default=False)

    objects = ScopedQuerySet["LostReason"].as_manager()

    class Meta:
        verbose_name = _("lost reason")
        verbose_name_plural = _("lost reasons")
        ordering = ["position", "pk"]
        constraints = [unique_name("lost_reason_once")]

    def get_absolute_url(self) -> str:
        return reverse("pipeline:lostreason_page", args=[self.pk])

    def revival(self, day: date) -> date | None:
        """When to try again after a loss on that day, where the reason says after how many months."""
        if self.revive_after is None:
            return None
        years, month = divmod(day.month - 1 + self.revive_after, 12)
        year, month = day.year + years, month + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))


@tracked()
class RecurringPlan(Named):
    """How often recurring revenue is paid: every so many months."""

    months = models.PositiveSmallIntegerField(_("months"), default=1)
    position = models.PositiveSmallIntegerField(_("order"), default=10)
    archived = models.BooleanField(_("archived"), default=False)

    objects = ScopedQuerySet["RecurringPlan"].as_manager()

    class Meta:
        verbose_name = _("recurring plan")
        verbose_name_plural = _("recurring plans")
        ordering = ["position", "pk"]
        constraints = [unique_name("recurring_plan_once")]

    def get_absolute_url(self) -> str:
        return reverse("pipeline:recurringplan_page", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        moved = self.pk is not None and self.changed("months")
        super().save(*args, **kwargs)
        if moved:
            from piste.pipeline.models.deal import Deal

            Deal.objects.filter(recurring_plan=self).update(recurring_monthly=Deal.monthly(self.months))
