"""Forms of customers, tags and the marketing lists."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from piste.contacts.models import Campaign, Contact, Medium, Source, Tag
from piste.contacts.reach import stored, written
from piste.ui.fields import form_field
from piste.ui.forms import LookupSelect, ScreenForm

if TYPE_CHECKING:
    from piste.accounts.models import User


class LinesField(forms.CharField):
    """Several addresses or numbers, one a line, each after what it is for."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(written, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        if isinstance(value, list):
            value = "\n".join(map(str, value))
        text = super().clean(value)
        return [stored(line) for line in str(text or "").splitlines() if line.strip()]


def lines_or_usual(field: Any, **kwargs: Any) -> Any:
    if field.name in ("other_emails", "other_phones"):
        return LinesField(
            label=capfirst(field.verbose_name),
            required=False,
            widget=forms.Textarea({"rows": 2}),
            help_text=_(
                "One a line, after what it is for: work, private, invoices, switchboard, fax or other."
            ),
        )
    return form_field(field, **kwargs)


class ContactForm(ScreenForm[Contact]):
    class Meta:
        model = Contact
        formfield_callback = lines_or_usual
        fields = (
            "name", "kind", "parent", "job_position", "email", "phone", "mobile", "website", "other_emails",
            "other_phones", "street", "street2", "postcode", "city", "state", "country", "invoice_address",
            "delivery_address", "tags", "owner", "team", "source", "language", "vat", "siren", "siret", "naf",
            "headcount", "email_consent", "phone_consent", "notes",
        )  # fmt: skip
        widgets = {
            "parent": LookupSelect(Contact),
            "notes": forms.Textarea({"rows": 4}),
            "invoice_address": forms.Textarea({"rows": 3}),
            "delivery_address": forms.Textarea({"rows": 3}),
        }

    @classmethod
    def first(cls, user: User) -> dict[str, Any]:
        return {"owner": user.pk}

    def clean_parent(self) -> Contact | None:
        parent: Contact | None = self.cleaned_data.get("parent")
        if parent is not None and self.instance.pk and parent.family.pk == self.instance.pk:
            raise ValidationError(_("A company cannot work for itself."))
        return parent

    def apply(self, *, by: User, at: datetime) -> Contact:
        if self.instance.pk is None and self.instance.owner_id is None and "owner" not in self.data:
            self.instance.owner = by
        return super().apply(by=by, at=at)


class TagForm(ScreenForm[Tag]):
    class Meta:
        model = Tag
        formfield_callback = form_field
        fields = ("name", "name_en", "colour", "description", "team", "archived")


class SourceForm(ScreenForm[Source]):
    class Meta:
        model = Source
        fields = ("name", "name_en", "archived")


class MediumForm(ScreenForm[Medium]):
    class Meta:
        model = Medium
        fields = ("name", "name_en", "archived")


class CampaignForm(ScreenForm[Campaign]):
    class Meta:
        model = Campaign
        fields = ("name", "name_en", "archived")
