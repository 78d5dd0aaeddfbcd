"""Forms of opportunities, stages, lost reasons and plans, and of closing a deal."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from piste.accounts.models import Team, User
from piste.contacts.models import Contact, Tag
from piste.pipeline.models import LostReason, Opportunity, RecurringPlan, Stage
from piste.pipeline.models.deriving import Known
from piste.pipeline.models.following import FILLED
from piste.ui.fields import DayField, form_field
from piste.ui.forms import BesideField, LookupSelect, ScreenForm


class OpportunityForm(ScreenForm[Opportunity]):
    class Meta:
        model = Opportunity
        formfield_callback = form_field
        fields = (
            "name", "contact", "expected_revenue", "expected_close", "probability", "recurring_revenue",
            "recurring_plan", "stage", "owner", "team", "priority", "tags", "colour", "contact_name", "company_name",
            "job_position", "email", "phone", "mobile", "website", "street", "street2", "postcode", "city", "state",
            "country", "source", "medium", "campaign", "language", "referred_by", "email_cc", "description",
        )  # fmt: skip
        widgets = {"contact": LookupSelect(Contact), "description": forms.Textarea({"rows": 5})}

    update_contact = BesideField(label=gettext_lazy("Tell the customer the new e-mail and phone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("stage", "expected_revenue", "recurring_revenue", "probability", "priority"):
            if name in self.fields:
                self.fields[name].required = False
        if "owner" in self.fields:
            self.fields["owner"].queryset = User.objects.working()  # type: ignore[attr-defined]
        if "team" in self.fields:
            self.fields["team"].queryset = Team.objects.filter(archived=False)  # type: ignore[attr-defined]

    @classmethod
    def first(cls, user: User) -> dict[str, Any]:
        """One's own, in the stage where new deals start."""
        known = Known()
        return {"owner": user.pk, "stage": known.first_stage(known.team_of(user.pk, None)).pk}

    def clean_expected_revenue(self) -> Any:
        return self.cleaned_data.get("expected_revenue") or Decimal(0)

    def clean_recurring_revenue(self) -> Any:
        return self.cleaned_data.get("recurring_revenue") or Decimal(0)

    def clean_probability(self) -> Any:
        """An emptied probability goes back to the automatic one."""
        typed = self.cleaned_data.get("probability")
        if typed is not None:
            return typed
        return self.instance.automated_probability if self.instance.pk else Decimal(0)

    def clean_priority(self) -> Any:
        return self.cleaned_data.get("priority") or 0

    def clean_stage(self) -> Stage | None:
        stage: Stage | None = self.cleaned_data.get("stage")
        if stage is None and self.instance.pk:
            return self.instance.stage
        return stage

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        recurring = cleaned.get("recurring_revenue", self.instance.recurring_revenue)
        plan = cleaned.get("recurring_plan", self.instance.recurring_plan)
        if recurring and not plan and "recurring_plan" in self.fields:
            raise ValidationError({"recurring_plan": _("Say how often the recurring revenue comes.")})
        return cleaned

    def given(self) -> set[str]:
        """What choosing a customer leaves as it is: what comes along, and what somebody has emptied on purpose."""
        touched = str(self.data.get("touched", "")).split(",")
        return self.instance.given() | {name for name in FILLED if name in touched}

    def apply(self, *, by: User, at: datetime) -> Opportunity:
        """Save; a chosen stage is moved to, as a drag would, so that a won stage wins."""
        deal, chosen = self.instance, self.instance.stage if self.instance.stage_id else None
        if deal.pk is None:
            if "owner" in self.fields and "owner" not in self.data:
                deal.owner = by
            if chosen is not None and chosen.is_won:
                deal.stage = None
        else:
            deal.stage_id = deal.was("stage_id")
        given = self.given()
        if deal.contact is not None and deal.changed("contact_id"):
            deal.take_from(deal.contact, given=given)
        told = given if self.cleaned_data.get("update_contact") else set()
        saved = super().apply(by=by, at=at)
        if told.intersection(saved.differing()):
            saved.update_contact(by=by, at=at, only=told)
        if chosen is not None and saved.stage_id != chosen.pk:
            saved.move_to(chosen, by=by, at=at)
        return saved


class LoseForm(forms.Form):
    """Why a deal is lost."""

    reason = forms.ModelChoiceField(
        LostReason.objects.filter(archived=False),
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    competitor = forms.CharField(label=gettext_lazy("Competitor"), required=False, max_length=120)
    revive_on = DayField(label=gettext_lazy("Revive on"), required=False)


class MoveForm(forms.Form):
    stage = forms.ModelChoiceField(Stage.objects.all(), label=gettext_lazy("Stage"), empty_label=None)


class AssignForm(forms.Form):
    owner = forms.ModelChoiceField(
        User.objects.working(),
        label=gettext_lazy("Salesperson"),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )


class TagForm(forms.Form):
    tags = forms.ModelMultipleChoiceField(
        Tag.objects.filter(archived=False), label=gettext_lazy("Tags"), widget=forms.CheckboxSelectMultiple
    )


class StageForm(ScreenForm[Stage]):
    class Meta:
        model = Stage
        fields = (
            "name", "name_en", "position", "colour", "team", "is_won", "folded", "requirements", "required_fields",
            "rotting_days",
        )  # fmt: skip
        widgets = {"requirements": forms.Textarea({"rows": 3})}

    def clean(self) -> dict[str, Any]:
        """A won stage with deals stays one, and an open one with open deals does not become one."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk and "is_won" in cleaned and cleaned["is_won"] != self.instance.was("is_won"):
            count = self.instance.deals.exclude(status="lost").count()
            if count:
                text = ngettext(
                    "%(count)s deal is in this stage. Move it first, then change what the stage means.",
                    "%(count)s deals are in this stage. Move them first, then change what the stage means.",
                    count,
                )
                raise ValidationError({"is_won": text % {"count": count}})
        return cleaned


class LostReasonForm(ScreenForm[LostReason]):
    class Meta:
        model = LostReason
        fields = ("name", "name_en", "position", "needs_note", "ask_competitor", "revive_after", "archived")


class RecurringPlanForm(ScreenForm[RecurringPlan]):
    class Meta:
        model = RecurringPlan
        fields = ("name", "name_en", "months", "position", "archived")
