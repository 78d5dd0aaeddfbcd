"""What is asked when leads are converted, and what would come of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from piste.accounts.models import Team, User
from piste.contacts.duplicates import Hit
from piste.contacts.models import Contact
from piste.pipeline import conversion
from piste.pipeline.conversion import CREATE, EXISTING, MATCH, NONE, Wishes
from piste.pipeline.convertpreview import Effect, compared, effects_of, rows_of
from piste.pipeline.duplicates import customer_of
from piste.pipeline.models import Deal, Lead, Opportunity
from piste.pipeline.models.deriving import Known
from piste.ui.forms import ActionForm, LookupSelect
from piste.ui.screen import Report, ReportRow

if TYPE_CHECKING:
    from piste.ui.acting import Actor

MAKE_CUSTOMERS = "contacts.add_contact"
SIMILAR_SHOWN = 3


def people() -> Any:
    return User.objects.working()


def teams() -> Any:
    return Team.objects.filter(archived=False)


class ConvertForm(ActionForm):
    """One lead: convert it or complete an opportunity with it; its customer, salesperson and team."""

    template: ClassVar[str] = "pipeline/convert.html"
    also: ClassVar[tuple[str, ...]] = ("was_owner",)

    merge_with = forms.ModelChoiceField(
        Opportunity.objects.open(),
        label=gettext_lazy("Merge with"),
        required=False,
        widget=LookupSelect(Opportunity),
    )
    customer_action = forms.ChoiceField(
        choices=[
            (CREATE, gettext_lazy("New")),
            (EXISTING, gettext_lazy("Existing")),
            (NONE, pgettext_lazy("customer", "None")),
        ],
        label=gettext_lazy("Customer"),
        required=False,
    )
    customer = forms.ModelChoiceField(
        Contact.objects.filter(archived=False),
        label=gettext_lazy("Existing customer"),
        required=False,
        widget=LookupSelect(Contact),
    )
    owner = forms.ModelChoiceField(
        people(), label=gettext_lazy("Salesperson"), required=False, empty_label=gettext_lazy("Nobody")
    )
    team = forms.ModelChoiceField(teams(), label=gettext_lazy("Team"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given = frozenset(self.data)
        if self.lead is not None and self.is_bound:
            self.data = self._completed(self.lead)
        elif self.lead is not None:
            self.initial = self.first(self.lead)

    def _completed(self, lead: Lead) -> dict[str, Any]:
        """What was sent, and what is proposed for the rest; a team that was not chosen follows the salesperson."""
        sent = {name: self.data.get(name) for name in self.given}
        rest: dict[str, Any] = {"merge_with": None, "owner": lead.owner_id}
        # The searches are for what was left open only.
        if "customer_action" not in sent:
            rest["customer_action"] = EXISTING if "customer" in sent else self.usual_action(lead)
        if "customer" not in sent and (rest | sent)["customer_action"] == EXISTING:
            rest["customer"] = self.known_customer(lead)
        if "was_owner" in sent and (sent["was_owner"] or "") != (sent.get("owner") or ""):
            owner = str(sent.get("owner") or "")
            sent["team"] = Known().team_of(int(owner[:18]) if owner.isdecimal() else None, lead.team_id)
        elif not sent.keys() & {"owner", "team"}:
            rest["team"] = self.usual_team(lead)
        return rest | sent

    @property
    def lead(self) -> Lead | None:
        return self.records[0] if len(self.records) == 1 else None

    @cached_property
    def similar(self) -> list[Hit[Opportunity]]:
        """Open opportunities within reach that may be the same business."""
        if self.lead is None or self.user is None:
            return []
        found: list[Any] = (
            Opportunity.objects.for_user(self.user, "change").open().shown().similar_to(self.lead)
        )
        return found[:SIMILAR_SHOWN]

    @cached_property
    def match(self) -> Hit[Contact] | None:
        """The customer that it most likely is."""
        if self.lead is None or self.user is None:
            return None
        return customer_of(self.lead, among=Contact.objects.for_user(self.user))

    def first(self, lead: Lead) -> dict[str, Any]:
        """What is proposed: merging only where the address is the same."""
        strong = next((hit.record.pk for hit in self.similar if hit.is_strong), None)
        return {
            "merge_with": strong,
            "customer_action": self.usual_action(lead),
            "customer": self.known_customer(lead),
            "owner": lead.owner_id,
            "team": self.usual_team(lead),
        }

    def known_customer(self, lead: Lead) -> int | None:
        return lead.contact_id or (self.match.record.pk if self.match else None)

    def usual_action(self, lead: Lead) -> str:
        if lead.contact_id or self.match:
            return EXISTING
        return CREATE if lead.contact_name or lead.company_name or "<" in lead.email else NONE

    @staticmethod
    def usual_team(lead: Lead) -> int | None:
        """The lead's, unless that team does not sell; then the salesperson's."""
        if lead.team is None or lead.team.uses_pipeline:
            return lead.team_id
        return Known().team_of(lead.owner_id, None) or lead.team_id

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.lead is None or self.errors:
            return cleaned
        if cleaned.get("merge_with") is None:
            self._check_customer(cleaned)
        else:
            # An opportunity keeps its own unless others are named.
            cleaned |= {name: None for name in ("owner", "team") if name not in self.given}
        return cleaned

    def _check_customer(self, cleaned: dict[str, Any]) -> None:
        chosen = cleaned["customer_action"]
        if chosen == EXISTING and cleaned["customer"] is None:
            self.add_error("customer", _("Choose the customer, or create a new one."))
        if chosen != EXISTING:
            cleaned["customer"] = None
        if chosen == CREATE and self.user is not None and not self.user.has_perm(MAKE_CUSTOMERS):
            self.add_error("customer_action", _("Your role does not include creating customers."))

    def shown(self) -> dict[str, Any]:
        lead = self.lead
        if lead is None:
            return {"lead": None}
        wishes = self._wishes(lead)
        chosen = wishes["merge_with"]
        shown = next((hit for hit in self.similar if chosen is not None and hit.record.pk == chosen.pk), None)
        beside = shown or next(iter(self.similar), None)
        other = Opportunity.objects.select_related("contact__parent", "source", "stage").get(
            pk=beside.record.pk
        ) if beside else None  # fmt: skip
        return {
            "lead": lead,
            "is_open": lead.status == Deal.Status.OPEN and lead.kind == Deal.Kind.LEAD,
            "similar": self.similar,
            "beside": beside,
            "other": other,
            "compared": compared(lead, other) if other else [],
            "merging": chosen,
            "chosen": {name: _key(value) for name, value in wishes.items()},
            "match": self.match,
            "effects": self._effects(lead, wishes),
        }

    def _wishes(self, lead: Lead) -> dict[str, Any]:
        """What is chosen at present, whether it holds or not."""
        if self.is_bound:
            self.is_valid()
            return {name: self.cleaned_data.get(name) for name in self.fields}
        first = self.first(lead)
        fields: dict[str, Any] = self.fields
        found = {name: first[name] for name in ("customer_action",)}
        for name in ("merge_with", "customer", "owner", "team"):
            key = first[name]
            found[name] = fields[name].queryset.filter(pk=key).first() if key else None
        return found

    @staticmethod
    def _effects(lead: Lead, wishes: dict[str, Any]) -> list[Effect]:
        return effects_of(lead, **wishes)


def _key(value: Any) -> Any:
    return getattr(value, "pk", value)


class InOrder(forms.ModelMultipleChoiceField[Any]):
    """Several records, in the order in which they were sent."""

    def clean(self, value: Any) -> Any:
        found = {str(row.pk): row for row in super().clean(value)}
        return [found[str(key)] for key in dict.fromkeys(map(str, value or ())) if str(key) in found]


class ConvertManyForm(ActionForm):
    """Many leads: who takes them in turn, which customers, and whether duplicates become one."""

    template: ClassVar[str] = "pipeline/convert_many.html"
    also: ClassVar[tuple[str, ...]] = ("up",)

    duplicates = forms.ChoiceField(
        choices=[
            ("merge", gettext_lazy("Merge those with one e-mail or customer")),
            ("separate", gettext_lazy("Keep each for itself")),
        ],
        label=gettext_lazy("Duplicates"),
        required=False,
    )
    customer_action = forms.ChoiceField(
        choices=[
            (MATCH, gettext_lazy("Existing, else new")),
            (CREATE, gettext_lazy("New")),
            (EXISTING, gettext_lazy("Existing")),
            (NONE, pgettext_lazy("customer", "None")),
        ],
        label=gettext_lazy("Customers"),
        required=False,
    )
    owners = InOrder(
        people(),
        label=gettext_lazy("Salespeople, in turn"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: each lead keeps its salesperson."),
    )
    team = forms.ModelChoiceField(teams(), label=gettext_lazy("Team"), required=False)
    force = forms.BooleanField(
        label=gettext_lazy("Also those that have a salesperson"),
        required=False,
        help_text=gettext_lazy("Otherwise only leads without a salesperson are given to somebody."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["customer_action"] = cleaned.get("customer_action") or MATCH
        makes = cleaned["customer_action"] in (CREATE, MATCH)
        if makes and self.user is not None and not self.user.has_perm(MAKE_CUSTOMERS):
            self.add_error("customer_action", _("Your role does not include creating customers."))
        return cleaned

    def shown(self) -> dict[str, Any]:
        chosen: dict[str, Any] = {"customer_action": MATCH}
        if self.is_bound:
            self.is_valid()
            chosen = self.cleaned_data
        order = list(chosen.get("owners") or ())
        if (lifted := self.data.get("up")) in {str(user.pk) for user in order}:
            place = next(i for i, user in enumerate(order) if str(user.pk) == lifted)
            if place:
                order[place - 1], order[place] = order[place], order[place - 1]
        fields: dict[str, Any] = self.fields
        rest = [user for user in fields["owners"].queryset.order_by("name", "pk") if user not in order]
        wishes = wishes_of(chosen | {"owners": order})
        steps = conversion.planned(self.records, wishes, self.user) if self.user else []
        return {"order": order, "rest": rest, "rows": rows_of(steps), "chosen": chosen}


def wishes_of(cleaned: dict[str, Any]) -> Wishes:
    return Wishes(
        customer_action=cleaned.get("customer_action") or MATCH,
        merge_duplicates=cleaned.get("duplicates") != "separate",
        owners=list(cleaned.get("owners") or ()),
        team=cleaned.get("team"),
        force=bool(cleaned.get("force")),
    )


def convert_many(leads: list[Any], actor: Actor, cleaned: dict[str, Any]) -> Report:
    """Convert the leads as the dialog has shown; what cannot be converted is left out and reported."""
    wishes = wishes_of(cleaned)
    steps = conversion.planned(leads, wishes, actor.user)
    done = conversion.carry_out(steps, wishes, by=actor.user, at=actor.at)
    rows = tuple(
        ReportRow(one.step.lead, _address(one.deal), row.act_label, _note(one, row.note), row.tone)
        for one, row in zip(done, rows_of([one.step for one in done]), strict=True)
    )
    return Report(conversion.told(done), rows)


def _address(deal: Deal) -> str:
    return f"/{'leads' if deal.kind == Deal.Kind.LEAD else 'opportunities'}/{deal.pk}/"


def _note(one: conversion.Done, note: str) -> str:
    made = _("customer “%(name)s” created") % {"name": one.made} if one.made else ""
    return " · ".join(part for part in (note, made) if part)
