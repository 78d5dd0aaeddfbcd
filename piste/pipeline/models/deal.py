"""A deal: a lead while it is raw, an opportunity once it is qualified; one table, one life."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Extract, Round
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piste.accounts.models import Language, Team
from piste.contacts.models import Address, Campaign, Contact, Medium, Reachable, Source, Tag
from piste.core.history import tracked
from piste.core.models import Colour, Record
from piste.pipeline.models.converting import Converting
from piste.pipeline.models.dealqueries import DealQuerySet, KindManager
from piste.pipeline.models.deriving import Deriving
from piste.pipeline.models.following import Following
from piste.pipeline.models.indexes import INDEXES, SEARCHED
from piste.pipeline.models.lists import LostReason, RecurringPlan, Stage
from piste.pipeline.models.moving import Moving

if TYPE_CHECKING:
    from piste.accounts.models import User

PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


def money(label: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        label, max_digits=14, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(Decimal(0))]
    )


def days(label: Any, until: str) -> models.GeneratedField:
    """From the creation of a deal until then, in days and tenths."""
    seconds: Any = Extract(
        ExpressionWrapper(F(until) - F("created_at"), output_field=models.DurationField()), "epoch"
    )
    return models.GeneratedField(
        expression=Round(seconds / Value(Decimal(86_400)), precision=1),
        output_field=models.FloatField(label, null=True),
        db_persist=True,
        verbose_name=label,
    )


def ended(label: Any, status: str) -> models.GeneratedField:
    """When a deal ended, if it ended like this."""
    return models.GeneratedField(
        expression=Case(When(status=status, then=F("closed_at"))),
        output_field=models.DateTimeField(label, null=True),
        db_persist=True,
        verbose_name=label,
    )


@tracked(
    exclude=(
        "search",
        "prorated_revenue",
        "prorated_monthly",
        "days_to_assign",
        "days_to_close",
        "won_at",
        "lost_at",
        "updated_at",
    )
)
class Deal(Following, Moving, Deriving, Reachable, Address, Record):
    """Business that may come: who, how much, when, how likely, and where it stands."""

    class Kind(models.TextChoices):
        LEAD = "lead", _("Lead")
        OPPORTUNITY = "opportunity", _("Opportunity")

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    class Priority(models.IntegerChoices):
        LOW = 0, _("Low")
        MEDIUM = 1, _("Medium")
        HIGH = 2, _("High")
        VERY_HIGH = 3, _("Very high")

    tracked = (
        "name", "status", "stage", "owner", "team", "contact", "contact_name", "company_name", "email", "phone",
        "mobile", "expected_revenue", "recurring_revenue", "recurring_plan", "probability", "expected_close",
        "priority", "source", "medium", "campaign", "lost_reason", "lost_note", "competitor", "revive_on",
        "archived", "description", "job_position", "website", "street", "city", "postcode", "country", "referred_by",
    )  # fmt: skip

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.OPPORTUNITY, editable=False)
    status = models.CharField(_("status"), max_length=4, choices=Status, default=Status.OPEN, editable=False)
    archived = models.BooleanField(_("archived"), default=False, editable=False)
    name = models.CharField(_("name"), max_length=160)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deals",
        verbose_name=_("salesperson"),
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="deals", verbose_name=_("team")
    )
    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="deals", verbose_name=_("stage"), db_index=False
    )
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.LOW)
    colour = models.CharField(_("card colour"), max_length=8, choices=Colour, blank=True)
    tags: models.ManyToManyField[Tag, DealTag] = models.ManyToManyField(
        Tag, through="DealTag", related_name="deals", verbose_name=_("tags"), blank=True
    )
    expected_revenue = money(_("expected revenue"))
    recurring_revenue = money(_("recurring revenue"))
    recurring_plan = models.ForeignKey(
        RecurringPlan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recurring plan"),
        db_index=False,
    )
    recurring_monthly = models.DecimalField(
        _("monthly recurring revenue"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False
    )
    probability = models.DecimalField(
        _("probability"), max_digits=5, decimal_places=2, default=Decimal(0), validators=PERCENT
    )
    automated_probability = models.DecimalField(
        _("automatic probability"), max_digits=5, decimal_places=2, default=Decimal(0), editable=False
    )
    prorated_revenue: models.GeneratedField = models.GeneratedField(
        expression=Round(F("expected_revenue") * F("probability") / Value(Decimal(100)), precision=2),
        output_field=models.DecimalField(_("prorated revenue"), max_digits=14, decimal_places=2),
        db_persist=True,
        verbose_name=_("prorated revenue"),
    )
    prorated_monthly: models.GeneratedField = models.GeneratedField(
        expression=F("recurring_monthly") * F("probability") / Value(Decimal(100)),
        output_field=models.DecimalField(max_digits=18, decimal_places=6),
        db_persist=True,
        verbose_name=_("prorated monthly recurring"),
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="deals", verbose_name=_("customer")
    )
    contact_name = models.CharField(_("contact name"), max_length=120, blank=True)
    company_name = models.CharField(_("company name"), max_length=160, blank=True)
    job_position = models.CharField(_("job position"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    email_cc = models.CharField(_("copies to"), max_length=500, blank=True)
    description = models.TextField(_("internal notes"), blank=True)
    referred_by = models.CharField(_("referred by"), max_length=120, blank=True)
    source = models.ForeignKey(
        Source, models.SET_NULL, null=True, blank=True, related_name="deals", verbose_name=_("source")
    )
    medium = models.ForeignKey(
        Medium,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("medium"),
        db_index=False,
    )
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("campaign"),
        db_index=False,
    )
    expected_close = models.DateField(_("expected closing"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    assigned_at = models.DateTimeField(_("assigned"), null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(_("first opened"), null=True, blank=True, editable=False)
    stage_changed_at = models.DateTimeField(_("in stage since"), editable=False)
    converted_at = models.DateTimeField(_("converted"), null=True, blank=True, editable=False)
    days_to_assign: models.GeneratedField = days(_("days to assign"), "assigned_at")
    days_to_close: models.GeneratedField = days(_("days to close"), "closed_at")
    won_at: models.GeneratedField = ended(_("won on"), "won")
    lost_at: models.GeneratedField = ended(_("lost on"), "lost")
    lost_reason = models.ForeignKey(
        LostReason,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deals",
        verbose_name=_("lost reason"),
        editable=False,
    )
    lost_note = models.TextField(_("closing note"), blank=True, editable=False)
    competitor = models.CharField(_("competitor"), max_length=120, blank=True, editable=False)
    revive_on = models.DateField(_("revive on"), null=True, blank=True, editable=False)
    search = models.TextField(editable=False, default="")

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        ordering = ["-priority", "-pk"]
        indexes = INDEXES
        constraints = [
            models.CheckConstraint(
                name="deal_closed_iff_not_open",
                condition=Q(status="open", closed_at=None) | ~Q(status="open") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="deal_probability_in_range", condition=Q(probability__gte=0, probability__lte=100)
            ),
            models.CheckConstraint(
                name="deal_certain_once_closed",
                condition=Q(status="open")
                | Q(status="won", probability=100)
                | Q(status="lost", probability=0),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="deal_searched",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "name",
                    "email",
                    "phone",
                    "mobile",
                    "phone_e164",
                    "contact_id",
                    "contact_name",
                    "company_name",
                ),
                func=SEARCHED,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive(at=self.moment or (self.created_at if self.pk is None else timezone.now()))
        super().save(*args, **kwargs)
        self.moment, self.keeps_team = None, False
        self.remember()

    @property
    def who(self) -> str:
        """The customer as a card says it: company · person."""
        if self.contact is None:
            return " · ".join(part for part in (self.company_name, self.contact_name) if part)
        family = self.contact.family
        return str(family) if family is self.contact else f"{family} · {self.contact}"

    @property
    def is_automatic(self) -> bool:
        """Whether the probability follows the automatic one."""
        return self.probability == self.automated_probability

    def archive(self, *, by: User, at: datetime) -> None:
        """Put away, won or lost or open: gone from the board, nothing else."""
        self.archived = True
        self.save()

    def unarchive(self, *, by: User, at: datetime) -> None:
        self.archived = False
        self.save()


class Lead(Converting, Deal):
    """Interest that nobody has qualified yet."""

    objects = KindManager("lead")  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = _("lead")
        verbose_name_plural = _("leads")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is None:
            self.kind = self.Kind.LEAD
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("pipeline:lead_page", args=[self.pk])


class Opportunity(Deal):
    """Business that we are working to win."""

    objects = KindManager("opportunity")  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")

    def get_absolute_url(self) -> str:
        return reverse("pipeline:opportunity_page", args=[self.pk])


@tracked()
class DealTag(models.Model):
    """A tag on a deal."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "tag"], name="deal_tag_once")]

    def __str__(self) -> str:
        return f"{self.deal} – {self.tag}"
