"""What the option *Leads* lets people do with leads, beside what their role lets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from piste.accounts.options import who_may
from piste.pipeline.models import LeadMakers, LeadUse, PipelineSettings
from piste.ui.screen import Notice, Switch

if TYPE_CHECKING:
    from piste.accounts.models import User

CHANGE = "pipeline.change_pipelinesettings"


def settings_of(user: User) -> PipelineSettings:
    """The settings, read once for each person who comes: a page asks a dozen times."""
    kept: PipelineSettings | None = user.__dict__.get("_pipeline_settings")
    if kept is None:
        kept = user.__dict__["_pipeline_settings"] = PipelineSettings.get()
    return kept


def allows(user: User, verb: str) -> bool:
    """Nothing but reading while leads are off; creating perhaps by managers only."""
    settings = settings_of(user)
    if settings.leads != LeadUse.ON:
        return verb == "view"
    return verb != "add" or settings.lead_makers == LeadMakers.EVERYONE or user.has_perm(CHANGE)


def offered(user: User) -> bool:
    return settings_of(user).leads != LeadUse.OFF


def notice(user: User) -> Notice | None:
    """Why nothing can be done here, and who can change that."""
    if settings_of(user).leads == LeadUse.ON:
        return None
    text = _("Leads are turned off. Those that exist can be read, and nothing else.")
    if user.has_perm(CHANGE):
        return Notice(text, _("Turn leads on"), "/settings/#leads-leads")
    somebody = who_may(CHANGE)
    ask = _("Ask %(name)s to turn them on.") % {"name": somebody} if somebody else ""
    return Notice(f"{text} {ask}".strip())


switch = Switch(allows, offered, notice)
