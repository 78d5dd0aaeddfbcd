"""The Jinja2 environment of every page."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.urls import reverse
from django.utils import translation
from jinja2 import BytecodeCache, Environment, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from piste.ui import formats

if TYPE_CHECKING:
    from django.template.backends.jinja2 import Jinja2

BUILT = Path(__file__).parent / "static" / "built"


@lru_cache
def assets() -> dict[str, str]:
    """Addresses of the built browser files by plain name. Empty, with a hint in `doctor`, before a build."""
    manifest = BUILT / "manifest.json"
    if not manifest.exists():
        return _Missing()
    return {name: f"/static/built/{file}" for name, file in json.loads(manifest.read_text()).items()}


class _Missing(dict[str, str]):
    """Stands in until `make` has built the browser files: pages work, unstyled."""

    def __missing__(self, name: str) -> str:
        return f"/static/built/{name}"


class SharedCode(BytecodeCache):
    """Templates compiled once for the environments of all languages, which differ in their words alone."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key + bucket.checksum] = bucket.code


_shared_code = SharedCode()


@lru_cache
def speaking(language: str) -> Environment:
    """The environment whose templates speak one language: words are looked up without asking which."""
    from django.template import engines
    from django.utils.translation import trans_real

    catalogue = trans_real.translation(language)
    base = cast("Jinja2", engines["jinja2"]).env
    made = environment(loader=base.loader, autoescape=True, auto_reload=False)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.gettext, catalogue.ngettext, newstyle=False, pgettext=translation.pgettext
    )
    return made


@lru_cache(maxsize=512)
def icon(name: str) -> Markup:
    """A drawing of the sprite; silent for screen readers, which get the label beside it."""
    address = escape(f"{assets()['sprite.svg']}#{name}")
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>').format(address)


def url(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def nl2br(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in str(text).splitlines())


def environment(**options: Any) -> Environment:
    """Undefined names raise; words go through gettext; filters are those of `formats`."""
    env = Environment(  # noqa: S701 – the caller says autoescape=True, which the check cannot see
        **{**options, "undefined": StrictUndefined},
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=_shared_code,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=False, pgettext=translation.pgettext
    )
    env.globals.update(url=url, icon=icon, assets=assets())
    named = (
        "money",
        "money_compact",
        "number",
        "percent",
        "day",
        "long_day",
        "month",
        "moment",
        "ago",
        "initials",
    )
    env.filters.update({name: getattr(formats, name) for name in named}, nl2br=nl2br)
    return env
