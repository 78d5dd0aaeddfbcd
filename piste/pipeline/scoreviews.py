"""The score on the pages: why a deal has it, how good scores have been, and scoring everything anew."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from procrastinate.exceptions import AlreadyEnqueued

from piste.accounts.models import Language, User
from piste.contacts.countries import countries
from piste.contacts.models import Source
from piste.contacts.normalise import Quality
from piste.pipeline import calibration, tasks
from piste.pipeline.explaining import explain, what_if, whole
from piste.pipeline.models import Deal, PipelineSettings, Stage, Variable
from piste.pipeline.models.deriving import Known
from piste.pipeline.rescoring import rescore
from piste.pipeline.scoreoptions import CHANGE
from piste.ui.acting import Outcome
from piste.ui.answers import actor, done, render, told, wants_part
from piste.ui.screen import Screen

URL = "/scoring/"
#: More than this are scored by the worker.
MANY = 5_000


def offered(user: User) -> bool:
    """Whether somebody may see how good scores are."""
    return user.has_perm(CHANGE)


class TryForm(forms.Form):
    """Other values for what a score looks at; nothing of it is saved."""

    stage = forms.ModelChoiceField(
        Stage.objects.none(), label=gettext_lazy("Stage"), required=False, empty_label=None
    )
    source = forms.ModelChoiceField(
        Source.objects.filter(archived=False), label=gettext_lazy("Source"), required=False, empty_label="–"
    )
    email_quality = forms.ChoiceField(label=gettext_lazy("E-mail"), required=False, choices=Quality)
    phone_quality = forms.ChoiceField(label=gettext_lazy("Phone"), required=False, choices=Quality)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    state = forms.CharField(label=gettext_lazy("State or region"), required=False, max_length=80)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False, choices=[("", "–"), *Language.choices]
    )

    def __init__(self, deal: Deal, known: Known, given: Any = None) -> None:
        names = ("stage", *(name for name in known.settings.scoring_variables if name != Variable.TAGS))
        now = {name: getattr(deal, f"{name}_id", None) or getattr(deal, name, "") for name in names}
        super().__init__({**now, **{key: given[key] for key in given}} if given else None, initial=now)
        for name in set(self.fields) - set(names):
            del self.fields[name]
        stages = [stage.pk for stage in known.stages_of(deal.team_id) if not stage.is_won]
        cast("Any", self.fields["stage"]).queryset = Stage.objects.filter(pk__in={*stages, deal.stage_id})
        if "country" in self.fields:
            cast("Any", self.fields["country"]).choices = [("", "–"), *countries()]

    @property
    def values(self) -> dict[str, Any]:
        given = self.cleaned_data if self.is_valid() else {}
        return {name: value for name, value in given.items() if value or not self._is_certain(name)}

    @staticmethod
    def _is_certain(name: str) -> bool:
        """Whether every deal has a value of this."""
        return name in ("stage", Variable.EMAIL, Variable.PHONE)


class ScoreOfDeal(View):
    """Why a deal has its score: a dialog on its page. With values in the address, what they would make of it."""

    screen: Screen = cast("Screen", None)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        deal = get_object_or_404(self.screen.rows(cast("User", request.user)), pk=pk)
        known = Known()
        form = TryForm(deal, known, request.GET or None)
        seen = explain(what_if(deal, form.values) if request.GET else deal, known)
        is_open = deal.status == Deal.Status.OPEN
        shown = {
            "title": _("Score"),
            "deal": deal,
            "try_url": f"{self.screen.url}{deal.pk}/score/",
            "seen": seen,
            "form": form,
            "is_open": is_open,
            "tried": bool(request.GET),
            "kept": deal.automated_probability,
            "share": whole(seen.score.probability) if seen.score else 0,
            "automatic_url": self._automatic(deal) if is_open else "",
        }
        return render(request, "pipeline/score.html", shown, block="seen" if request.GET else "dialog")

    def _automatic(self, deal: Deal) -> str:
        """Where to take a typed probability back, for those who may."""
        action = self.screen.action("automatic")
        user = cast("User", self.request.user)
        offered = action is not None and self.screen.may(user, action.verb) and action.offered_for(deal)
        return f"{self.screen.url}{deal.pk}/do/automatic/" if offered else ""


class Report(View):
    """How good scores have been: what they said while deals were open, and how those ended."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = cast("User", request.user)
        if not offered(user):
            raise PermissionDenied
        known = Known()
        settings, learnt = known.settings, known.learnt
        shown = {
            "title": _("Score"),
            "report": calibration.report(since=calibration.a_year_ago(actor(request).at)),
            "settings": settings,
            "ended": learnt.company.base.ended,
            "is_learnt": learnt.company.base.ended >= settings.scoring_minimum,
            "variables": [str(Variable(name).label) for name in settings.scoring_variables],
        }
        return render(request, "pipeline/scoring.html", shown)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Score all open deals anew."""
        who = actor(request)
        if not offered(who.user):
            raise PermissionDenied
        if Deal.objects.open().count() > MANY:
            # Their index entries take a minute to write, longer than anybody waits for a page.
            return self.later(request, who.user)
        op, count = rescore(by=who.user, at=who.at, via=who.via)
        text = ngettext("%(count)s deal scored anew.", "%(count)s deals scored anew.", count) % {
            "count": count
        }
        outcome = Outcome(op, [PipelineSettings.get()], text)
        return done(request, outcome, to=reverse("pipeline:scoring"))

    @staticmethod
    def later(request: HttpRequest, user: User) -> HttpResponse:
        """Leave it to the worker."""
        with suppress(AlreadyEnqueued):
            tasks.rescore.defer(by=user.pk)
        text = _("All open deals are being scored anew. This takes a minute or two.")
        if wants_part(request):
            return told(request, {"toast": {"text": text}})
        messages.success(request, text)
        return HttpResponseRedirect(URL, status=303)
