"""The settings of the pipeline that managers change: leads, and who may create them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from piste.accounts.models import Team, User
from piste.accounts.options import Choice, Option, OptionForm, Question, Section, add_option
from piste.pipeline.leadoption import CHANGE
from piste.pipeline.models import Lead, LeadUse, PipelineSettings

LEADS = Section("leads", gettext_lazy("Leads"), "target")

ON, OFF = LeadUse.ON.value, LeadUse.OFF.value
#: What becomes of the leads that are there when leads are turned off.
KEEP, CONVERT, LEAVE = "keep", "convert", "leave"


class LeadsForm(OptionForm[PipelineSettings]):
    """Leads on or off, and by whom."""

    leads = forms.ChoiceField(
        label=gettext_lazy("Leads"),
        choices=[(ON, gettext_lazy("On")), (OFF, gettext_lazy("Off"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Collect interest as leads, qualify them, and let only the good ones into the pipeline."
        ),
    )

    class Meta:
        model = PipelineSettings
        fields = ("leads", "lead_makers")
        widgets = {"lead_makers": forms.RadioSelect}
        help_texts = {"lead_makers": gettext_lazy("By hand, by import and through the API.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "leads" in self.fields:
            self.initial["leads"] = ON if self.instance.leads == LeadUse.ON else OFF

    def clean_leads(self) -> str:
        """What is off stays off in its own way."""
        wanted: str = self.cleaned_data["leads"]
        is_off = self.instance.leads != LeadUse.ON
        return self.instance.leads if wanted == OFF and is_off else wanted

    def apply(self, *, by: User, at: datetime) -> PipelineSettings:
        if self.answer == CONVERT:
            Lead.objects.open().convert_all(by=by, at=at)
        # Closed leads are not converted; they can still be read, and so can all that are kept.
        if self.answer == KEEP or (self.answer == CONVERT and Lead.objects.exists()):
            self.instance.leads = LeadUse.READ_ONLY
        return super().apply(by=by, at=at)


def leads_effect() -> str:
    """How many teams and leads the option touches."""
    teams = Team.objects.filter(uses_leads=True, archived=False).count()
    leads = Lead.objects.count()
    parts = [ngettext("Affects %(count)s team", "Affects %(count)s teams", teams) % {"count": teams}]
    if leads:
        parts.append(ngettext("%(count)s lead", "%(count)s leads", leads) % {"count": leads})
    return " · ".join(parts)


def leads_question(form: Any) -> Question | None:
    """Leads that are there are never hidden without a word."""
    turned_off = form.instance.was("leads") == LeadUse.ON and form.cleaned_data["leads"] == OFF
    count = Lead.objects.count() if turned_off else 0
    if not count:
        return None
    exist = ngettext("%(count)s lead exists.", "%(count)s leads exist.", count) % {"count": count}
    return Question(
        _("Turn leads off?"),
        _("%(exist)s What shall become of them?") % {"exist": exist},
        (
            Choice(KEEP, _("Keep them readable"), _("They stay in the menu; nobody can change or add any.")),
            Choice(
                CONVERT,
                _("Convert all to opportunities"),
                _(
                    "Each keeps its salesperson, team and history. No customers are created. Lost ones stay leads."
                ),
            ),
            Choice(
                LEAVE,
                _("Leave them"),
                _("They disappear from the menu, and are back when leads are on again."),
            ),
        ),
    )


add_option(
    Option(LEADS, "leads", LeadsForm, CHANGE, effect=leads_effect, question=leads_question,
           words=gettext_lazy("qualify, convert, triage"))
)  # fmt: skip
add_option(Option(LEADS, "lead_makers", LeadsForm, CHANGE, words=gettext_lazy("permission, role")))
