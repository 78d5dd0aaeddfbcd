"""The settings of scores: what is learnt from, since when, and from how many deals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piste.accounts.models import User
from piste.accounts.options import Option, OptionForm, Section, add_option
from piste.core.events import publish
from piste.pipeline.events import ScoringChanged
from piste.pipeline.models import PipelineSettings, Variable
from piste.pipeline.models.deriving import Known
from piste.ui import formats

CHANGE = "pipeline.change_pipelinesettings"
SCORE = Section("score", gettext_lazy("Score"), "chart-column")


class ScoringForm(OptionForm[PipelineSettings]):
    """What scores are learnt from. Open deals are scored anew once it has changed."""

    scoring_variables = forms.MultipleChoiceField(
        label=gettext_lazy("Score by"),
        choices=Variable,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The stage and the team always count."),
    )

    class Meta:
        model = PipelineSettings
        fields = ("scoring_variables", "scoring_start", "scoring_minimum")
        widgets = {"scoring_start": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    def clean_scoring_variables(self) -> list[str]:
        """In one order, so that the same choice is the same value."""
        chosen = self.cleaned_data["scoring_variables"]
        return [name for name in Variable.values if name in chosen]

    def apply(self, *, by: User, at: datetime) -> Any:
        publish(ScoringChanged(by=by.pk))
        return super().apply(by=by, at=at)


def effect() -> str:
    """From how many deals scores are learnt now."""
    base = Known().learnt.company.base
    return _("Learnt from %(won)s won and %(lost)s lost deals") % {
        "won": formats.number(base.won),
        "lost": formats.number(base.lost),
    }


for name, words in (
    ("scoring_variables", gettext_lazy("score, probability, prediction")),
    ("scoring_start", gettext_lazy("score, probability, history")),
    ("scoring_minimum", gettext_lazy("score, probability, not enough data")),
):
    add_option(Option(SCORE, name, ScoringForm, CHANGE, effect=effect, words=words))
