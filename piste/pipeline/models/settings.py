"""What a company decides about its pipeline: one row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from piste.core.history import tracked
from piste.core.models import Remembering


class Variable(models.TextChoices):
    """What a score may be learnt from, beside the stage and the team."""

    STATE = "state", _("State or region")
    COUNTRY = "country", _("Country")
    PHONE = "phone_quality", _("Phone quality")
    EMAIL = "email_quality", _("E-mail quality")
    SOURCE = "source", _("Source")
    LANGUAGE = "language", _("Language")
    TAGS = "tags", _("Tags")


def usual_variables() -> list[str]:
    return [Variable.PHONE.value, Variable.EMAIL.value]


def usual_start() -> date:
    """A little before the present day, so that what is brought along from the last week counts."""
    return timezone.localdate() - timedelta(days=8)


class LeadUse(models.TextChoices):
    """What becomes of leads: worked with, only looked at, or out of sight."""

    ON = "on", _("On")
    READ_ONLY = "read-only", _("Off, existing leads can be read")
    OFF = "off", _("Off")


class LeadMakers(models.TextChoices):
    """Who may create leads."""

    EVERYONE = "everyone", _("Everyone in sales")
    MANAGERS = "managers", _("Managers only")


@tracked()
class PipelineSettings(Remembering):
    """The settings of the pipeline: one row."""

    leads = models.CharField(
        _("leads"),
        max_length=9,
        choices=LeadUse,
        default=LeadUse.OFF,
        help_text=_("Interest is collected as leads and qualified before it becomes an opportunity."),
    )
    lead_makers = models.CharField(
        _("who may create leads"), max_length=8, choices=LeadMakers, default=LeadMakers.EVERYONE
    )

    scoring_variables = ArrayField(
        models.CharField(max_length=20, choices=Variable),
        verbose_name=_("variables"),
        default=usual_variables,
        blank=True,
        help_text=_("The stage and the team always count."),
    )
    scoring_start = models.DateField(
        _("learn from deals created since"),
        default=usual_start,
        help_text=_("Older deals are scored, but nothing is learnt from them."),
    )
    scoring_minimum = models.PositiveSmallIntegerField(
        _("ended deals needed"),
        default=30,
        validators=[MinValueValidator(1)],
        help_text=_(
            "A team with fewer is scored by all teams’ deals; a company with fewer by the stage alone."
        ),
    )

    #: The one row's key.
    ONLY: ClassVar[int] = 1

    class Meta:
        verbose_name = _("pipeline settings")
        verbose_name_plural = _("pipeline settings")
        constraints = [models.CheckConstraint(name="one_pipelinesettings", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def get(cls) -> PipelineSettings:
        """The settings as they are, or as they are at first."""
        return cls._default_manager.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)
