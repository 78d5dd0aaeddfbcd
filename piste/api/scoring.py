"""Scores for programs: why a deal has its score, what scores are learnt from, and scoring everything anew."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piste.api.columns import plain
from piste.api.listing import json_answer, reader
from piste.api.resources import Resource
from piste.api.schemas import Schema
from piste.api.writing import ADMINISTER, actor, written
from piste.pipeline.calibration import a_year_ago, report
from piste.pipeline.explaining import Explanation, explain
from piste.pipeline.models import Deal, PipelineSettings
from piste.pipeline.models.deriving import Known
from piste.pipeline.rescoring import rescore
from piste.ui.acting import Outcome


def has_scores(resource: Resource) -> bool:
    return issubclass(resource.screen.model, Deal)


def of_deal(resource: Resource, request: HttpRequest, pk: int) -> HttpResponse:
    """The probability of a deal, and how today's score comes about."""
    deal = get_object_or_404(resource.screen.rows(reader(request)), pk=pk)
    is_open = deal.status == Deal.Status.OPEN
    told: dict[str, Any] = {
        "probability": plain(deal.probability),
        "automatic_probability": plain(deal.automated_probability),
        "is_automatic": deal.is_automatic,
        "status": deal.status,
    }
    return json_answer(told | _explained(explain(deal) if is_open else None))


def _explained(seen: Explanation | None) -> dict[str, Any]:
    score = seen.score if seen else None
    if seen is None or score is None:
        counted = {"ended": seen.ended, "needed": seen.needed} if seen else {"ended": None, "needed": None}
        return {"score": None, "base_rate": None, "learnt_from": None, **counted, "factors": [], "ways": []}
    labels = {(bar.variable, bar.value): bar.label for bar in seen.bars}
    return {
        "score": plain(score.probability),
        "base_rate": round(score.base_rate, 2),
        "learnt_from": seen.whose,
        "ended": seen.ended,
        "needed": seen.needed,
        "factors": [
            {
                "variable": one.variable,
                "value": one.value,
                "label": labels[one.variable, one.value],
                "points": round(one.points, 2),
                "won": one.tally.won,
                "lost": one.tally.lost,
            }
            for one in score.factors
        ],
        "ways": [
            {
                "variable": way.variable,
                "value": way.value,
                "label": way.label,
                "score": plain(way.probability),
            }
            for way in seen.ways
        ],
    }


def show(request: HttpRequest) -> HttpResponse:
    """What scores are learnt from, and how good they have been for a year."""
    who = _administrator(request)
    known = Known()
    settings, base = known.settings, known.learnt.company.base
    found = report(since=a_year_ago(who.at))
    return json_answer(
        {
            "variables": settings.scoring_variables,
            "start": plain(settings.scoring_start),
            "needed": settings.scoring_minimum,
            "won": base.won,
            "lost": base.lost,
            "is_learnt": base.ended >= settings.scoring_minimum,
            "checked": found.count,
            "brier": round(found.brier, 4) if found.count else None,
            "base_brier": round(found.base_brier, 4) if found.count else None,
        }
    )


def rebuild(request: HttpRequest) -> HttpResponse:
    """Count all ended deals anew and score all open ones by them."""
    who = _administrator(request)
    op, count = rescore(by=who.user, at=who.at, via=who.via, recount=True)
    text = ngettext("%(count)s deal scored anew.", "%(count)s deals scored anew.", count) % {"count": count}
    return written({"changed": count}, Outcome(op, [PipelineSettings.get()], text))


def _administrator(request: HttpRequest) -> Any:
    who = actor(request)
    if not who.user.has_perm(ADMINISTER):
        raise PermissionDenied
    return who


_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer"}
_NUMBER: Schema = {"type": "number"}
_PERCENT: Schema = {"type": "string", "format": "decimal"}


def _or_nothing(schema: Schema) -> Schema:
    return schema | {"type": [schema["type"], "null"]}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def components() -> dict[str, Schema]:
    """The shapes of scores in the OpenAPI document."""
    return {"Score": score_schema(), "Scoring": scoring_schema(), "ScoringRebuilt": rebuilt_schema()}


def score_schema() -> Schema:
    factor = _object(
        {
            "variable": _TEXT,
            "value": _TEXT,
            "label": _TEXT,
            "points": _NUMBER | {"description": _("What it adds to the base rate, in points of percent.")},
            "won": _COUNT,
            "lost": _COUNT,
        }
    )
    way = _object({"variable": _TEXT, "value": _TEXT, "label": _TEXT, "score": _PERCENT})
    return _object(
        {
            "probability": _PERCENT,
            "automatic_probability": _PERCENT,
            "is_automatic": {"type": "boolean"},
            "status": _TEXT,
            "score": _or_nothing(_PERCENT) | {"description": _("As of now; nothing without enough data.")},
            "base_rate": _or_nothing(_NUMBER)
            | {"description": _("What the factors start from, in percent.")},
            "learnt_from": _or_nothing(_TEXT) | {"description": _("The team, or all teams.")},
            "ended": _or_nothing(_COUNT) | {"description": _("Ended deals that it is learnt from.")},
            "needed": _or_nothing(_COUNT),
            "factors": {"type": "array", "items": factor},
            "ways": {"type": "array", "items": way},
        }
    )


def scoring_schema() -> Schema:
    return _object(
        {
            "variables": {"type": "array", "items": _TEXT},
            "start": {"type": "string", "format": "date"},
            "needed": _COUNT,
            "won": _COUNT,
            "lost": _COUNT,
            "is_learnt": {"type": "boolean"},
            "checked": _COUNT
            | {"description": _("Deals that ended within a year and had a score while open.")},
            "brier": _or_nothing(_NUMBER),
            "base_brier": _or_nothing(_NUMBER),
        }
    )


def rebuilt_schema() -> Schema:
    said = {"operation": {"type": "string", "format": "uuid"}, "message": _TEXT}
    return _object(
        {"changed": _COUNT | {"description": _("Open deals with another score than before.")}, **said}
    )
