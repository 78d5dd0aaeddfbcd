"""All addresses, package by package."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from piste.site import onboarding, palette, sample

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/opportunities/"), name="home"),
    path("palette/", palette.Palette.as_view(), name="palette"),
    path("sample-data/", sample.Sample.as_view(), name="sample_data"),
    path("first-steps/", onboarding.shown, name="first_steps"),
    path("first-steps/<slug:key>/skip/", onboarding.skip, name="first_step_skip"),
    path("", include("piste.accounts.entry_urls")),
    path("", include("piste.ui.urls")),
    path("", include("piste.ui.exchange.urls")),
    path("", include("piste.accounts.urls")),
    path("", include("piste.contacts.urls")),
    path("", include("piste.pipeline.urls")),
    path("", include("piste.api.urls")),
]

handler400 = "piste.ui.errors.bad_request"
handler403 = "piste.ui.errors.forbidden"
handler404 = "piste.ui.errors.not_found"
handler500 = "piste.ui.errors.failed"
