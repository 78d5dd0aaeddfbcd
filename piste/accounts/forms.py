"""Forms of people, teams, the company and one's own profile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.accounts.models import Company, Team, User
from piste.accounts.options import COMPANY, Option, OptionForm, add_option
from piste.accounts.places import countries, currencies, time_zones
from piste.accounts.roles import Role
from piste.core.transitions import Refused
from piste.ui.forms import ScreenForm


class TimeZoneField(forms.ChoiceField):
    def __init__(self, **about: Any) -> None:
        super().__init__(choices=time_zones, label=gettext_lazy("Time zone"), **about)


class ProfileForm(forms.ModelForm[User]):
    """What everybody sets for themselves; the e-mail address and the role are an administrator's."""

    time_zone = TimeZoneField()

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "theme", "density", "shortcuts", "celebrations")
        widgets = {
            "name": forms.TextInput({"autocomplete": "name"}),
            "theme": forms.RadioSelect,
            "density": forms.RadioSelect,
        }
        help_texts = {
            "shortcuts": gettext_lazy("Keys like C O or W. Those with Ctrl always work."),
            "celebrations": gettext_lazy("Confetti and a word of praise when a deal is won."),
        }


class CompanyForm(OptionForm[Company]):
    country = forms.ChoiceField(
        choices=countries,
        label=gettext_lazy("Country"),
        help_text=gettext_lazy("Phone numbers without a prefix are read as numbers of this country."),
    )
    currency = forms.ChoiceField(
        choices=currencies,
        label=gettext_lazy("Currency"),
        help_text=gettext_lazy("For all amounts. Changing it converts nothing."),
    )
    time_zone = TimeZoneField(help_text=gettext_lazy("For new colleagues, and for days in reports."))

    class Meta:
        model = Company
        fields = ("name", "language", "country", "currency", "time_zone", "phone_form")
        widgets = {"phone_form": forms.RadioSelect}
        help_texts = {
            "name": gettext_lazy("As it stands above the navigation and on what leaves the house."),
            "language": gettext_lazy("For new colleagues, and for mails to people outside."),
            "phone_form": gettext_lazy("How numbers are shown; they are kept as they were typed."),
        }


for name in CompanyForm.Meta.fields:
    add_option(Option(COMPANY, name, CompanyForm, "accounts.change_company"))


class UserForm(ScreenForm[User]):
    """A colleague. New ones get a mail by which they choose a password."""

    teams = forms.ModelMultipleChoiceField(
        Team.objects.filter(archived=False),
        label=gettext_lazy("Teams"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = User
        fields = ("name", "email", "role", "teams", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "teams" in self.fields:
            self.initial["teams"] = self.instance.teams.all()
        if not self.instance.pk:
            self.initial.setdefault("language", Company.get().language)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody has this address already, perhaps a deactivated person."))
        return email

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        if (
            self.instance.was("role") == Role.ADMINISTRATOR
            and role != Role.ADMINISTRATOR
            and self.instance.is_active
        ):
            try:
                with transaction.atomic():
                    self.instance.keep_an_administrator()
            except Refused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return role

    def apply(self, *, by: User, at: datetime) -> User:
        new = self.instance.pk is None
        if new:
            self.instance.set_unusable_password()
            self.instance.time_zone = Company.get().time_zone
        person = self.save()
        if "teams" in self.cleaned_data:
            person.teams.set(self.cleaned_data["teams"])
        if new:
            person.invite(by=by, at=at)
        return person


class TakeAwayFactorsForm(forms.Form):
    """A word of confirmation: whoever asks may be somebody else."""

    sure = forms.BooleanField(
        label=gettext_lazy("I have made sure that it is really them who ask"),
        help_text=gettext_lazy(
            "Codes from an app, recovery codes and passkeys go for good. The password stays, every session ends, "
            "and a mail tells them."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """The tick is for this form alone."""
        super().clean()
        return {}


class TeamForm(ScreenForm[Team]):
    class Meta:
        model = Team
        fields = (
            "name", "name_en", "leader", "members", "colour", "position", "uses_leads", "uses_pipeline", "archived",
        )  # fmt: skip
        widgets = {"members": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("leader", "members"):
            if isinstance(field := self.fields.get(name), forms.ModelChoiceField):
                field.queryset = User.objects.working()
