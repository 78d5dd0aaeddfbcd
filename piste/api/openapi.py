"""The OpenAPI document: what ninja knows of the addresses, with the shapes made from the screens."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation
from django.utils.translation import gettext as _

from piste.api import scoring
from piste.api.build import build
from piste.api.resources import resources
from piste.api.schemas import components
from piste.api.writing import ROOT

api = build()


@lru_cache
def document(language: str) -> dict[str, Any]:
    """The whole document in one language. Everybody gets the same; the screens do not change while we run."""
    with translation.override(language):
        made = dict(api.get_openapi_schema(path_prefix=f"{ROOT}/"))
        made["info"] |= {
            "description": _("All that the pages do, for programs: with the same rights, rules and history."),
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        }
        made["servers"] = [{"url": "/"}]
        made["tags"] = _tags()
        made["components"]["schemas"] |= components(list(resources())) | scoring.components()
        # Lazy words become text while the language holds.
        return cast("dict[str, Any]", json.loads(json.dumps(made, cls=DjangoJSONEncoder)))


def _tags() -> list[dict[str, str]]:
    named = [{"name": r.slug, "description": r.screen.label_plural} for r in resources()]
    also = {
        "operations": _("History and undo"),
        "duplicates": _("Records that may be the same"),
        "scoring": _("How likely deals are, and why"),
    }
    return [*named, *({"name": name, "description": said} for name, said in also.items())]
